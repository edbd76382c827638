package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModifyAddressTest extends ShopTest {
  private static final String NEW_ADDRESS =
      """
      "address1": "3 Pier", "address2": "Top", "city": "Bay", "state": "NH", "country": "NL", \
      "zip": "30003"}\
      """;

  private static String of(String owner, String id) {
    return "{\"" + owner + "\": \"" + id + "\", " + NEW_ADDRESS;
  }

  @ParameterizedTest
  @CsvSource({
    "#W0, order not found",
    "#W3, non-pending order cannot be modified",
    "#W4, non-pending order cannot be modified",
  })
  void theFirstFailingCheckDecides(String order, String refusal) {
    assertRefused("modify_pending_order_address", of("order_id", order), refusal);
  }

  @Test
  void anOrderGetsTheAddressWithStateBeforeCountry() {
    JsonNode order = assertDone("modify_pending_order_address", of("order_id", "#W1"));
    assertThat(order.path("address").toString())
        .isEqualTo(("{" + NEW_ADDRESS).replace(": ", ":").replace(", ", ","));
    assertThat(order.path("status").asText()).isEqualTo("pending");
  }

  @Test
  void aSecondTimeChangesNothingAndAnswersTheSame() {
    String first = shop.answer("modify_pending_order_address", of("order_id", "#W1"));
    String second = shop.answer("modify_pending_order_address", of("order_id", "#W1"));
    assertThat(second).isEqualTo(first);
    assertThat(shop.world.ledger())
        .extracting(RetailLedger.Row::changed)
        .containsExactly(true, false);
  }

  @Test
  void aCustomerIsRequired() {
    assertRefused("modify_user_address", of("user_id", "eve"), "user not found");
  }

  @Test
  void aCustomerIsFoundUnderTheNewZipOnly() {
    JsonNode user = SmallShop.json(shop.answer("modify_user_address", of("user_id", "ada")));
    assertThat(user).isEqualTo(shop.user("ada"));
    assertThat(find("10001")).isEqualTo("Error: user not found");
    assertThat(find("30003")).isEqualTo("ada");
  }

  private String find(String zip) {
    return shop.answer(
        "find_user_id_by_name_zip",
        "{\"first_name\": \"Ada\", \"last_name\": \"Stone\", \"zip\": \"" + zip + "\"}");
  }

  @Test
  void theSameAddressInAnotherKeyOrderIsNoChange() {
    shop.answer(
        "modify_user_address",
        """
        {"user_id": "ada", "address1": "1 Quay", "address2": "", "city": "Port", "state": "ZH",
         "country": "NL", "zip": "10001"}\
        """);
    assertThat(shop.world.ledger().getLast().changed()).isFalse();
    assertThat(shop.world.changedRecords()).isEmpty();
  }
}
