package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetailLookupsTest extends ShopTest {
  @AfterEach
  void nothingIsCounted() {
    assertThat(shop.world.ledger()).isEmpty();
    assertThat(shop.world.changedRecords()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ADA.stone@POST.test, ada",
    "ben@post.test, ben",
    "eve@post.test, Error: user not found",
  })
  void aCustomerIsFoundByEmailIgnoringCase(String email, String answer) {
    assertThat(shop.answer("find_user_id_by_email", "{\"email\": \"" + email + "\"}"))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "ADA, stone, 10001, ada",
    "Ada, Stone, 20002, ben",
    "Ada, Stone, 30003, Error: user not found",
    "Ada, Stones, 10001, Error: user not found",
  })
  void aCustomerIsFoundByNameAndZip(String first, String last, String zip, String answer) {
    String arguments =
        """
        {"first_name": "%s", "last_name": "%s", "zip": "%s"}\
        """
            .formatted(first, last, zip);
    assertThat(shop.answer("find_user_id_by_name_zip", arguments)).isEqualTo(answer);
  }

  @Test
  void recordsAreShownAsTheyAre() {
    assertThat(shop.user("ben")).isEqualTo(SmallShop.USERS.path("ben"));
    assertThat(shop.order("#W1")).isEqualTo(SmallShop.ORDERS.path("#W1"));
    assertThat(SmallShop.json(shop.answer("get_product_details", "{\"product_id\": \"P2\"}")))
        .isEqualTo(SmallShop.PRODUCTS.path("P2"));
  }

  @ParameterizedTest
  @CsvSource({
    "get_user_details, user_id, eve, user not found",
    "get_order_details, order_id, W1, order not found",
    "get_product_details, product_id, L1, product not found",
  })
  void whatDoesNotExistIsNotFound(String tool, String parameter, String id, String refusal) {
    assertThat(shop.answer(tool, "{\"" + parameter + "\": \"" + id + "\"}"))
        .isEqualTo("Error: " + refusal);
  }

  @Test
  void productTypesAreSortedByNameInAscii() {
    assertThat(shop.answer("list_all_product_types", "{}"))
        .isEqualTo("{\"Caf\\u00e9 set\": \"P1\", \"Lamp\": \"P2\"}");
  }

  @Test
  void thinkingSaysNothingAndTransferSaysSo() {
    assertThat(shop.answer("think", "{\"thought\": \"well\"}")).isEmpty();
    assertThat(shop.answer("transfer_to_human_agents", "{\"summary\": \"stuck\"}"))
        .isEqualTo("Transfer successful");
  }

  @Test
  void aCalculationIsPrintedAsADouble() {
    assertThat(shop.answer("calculate", "{\"expression\": \"(2 + 3) * 1\"}")).isEqualTo("5.0");
    assertThat(shop.answer("calculate", "{\"expression\": \"2 ^ 3\"}"))
        .isEqualTo("Error: invalid characters in expression");
  }

  @Test
  void anUnknownToolIsNamed() {
    assertThat(shop.answer("refund_all", "{}")).isEqualTo("Unknown action refund_all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "get_order_details | {} | argument order_id is missing",
        "get_order_details | {\"order_id\": 1} | argument order_id should be a string",
        "get_order_details | {\"order_id\": \"#W1\", \"x\": 1} "
            + "| unexpected argument, the tool takes exactly [order_id]",
        "get_order_details | [] | arguments are not a JSON object",
        "get_order_details | {\"order_id\": \"#W1\"} {} | arguments are not valid JSON",
        "think | {'thought': 'a'} | arguments are not valid JSON",
      })
  void badArgumentsAreAnsweredWithAnError(String tool, String arguments, String error) {
    assertThat(shop.answer(tool, arguments)).startsWith("Error: " + error);
  }
}
