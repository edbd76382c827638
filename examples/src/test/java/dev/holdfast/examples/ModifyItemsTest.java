package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModifyItemsTest extends ShopTest {
  static final String TOOL = "modify_pending_order_items";

  /** Item ids as they stand in a table: parted by blanks. */
  static String arguments(String order, String from, String to, String method) {
    return """
    {"order_id": "%s", "item_ids": %s, "new_item_ids": %s, "payment_method_id": "%s"}\
    """
        .formatted(order, list(from), list(to), method);
  }

  static String list(String ids) {
    return ids.isEmpty() ? "[]" : "[\"" + ids.replace(" ", "\", \"") + "\"]";
  }

  @ParameterizedTest
  @CsvSource({
    "#W0, X9, '', cash, order not found",
    "#W3, X9, '', cash, non-pending order cannot be modified",
    "#W1, L1 X9, '', cash, X9 not found",
    "#W1, L1 L1, '', cash, L1 not found",
    "#W1, C1 C1, C2, cash, the number of items to be exchanged should match",
    "#W1, L1, L2 L2, cash, the number of items to be exchanged should match",
    "#W1, L1, C2, cash, new item C2 not found or available",
    "#W1, L1 C1, L2 C3, cash, new item C3 not found or available",
    "#W1, L1, L2, cash, payment method not found",
    "#W1, C1, C4, gift_card_1, insufficient gift card balance to pay for the new item",
  })
  void theFirstFailingCheckDecides(
      String order, String from, String to, String method, String refusal) {
    assertRefused(TOOL, arguments(order, from, to, method), refusal);
  }

  @Test
  void aDearerItemIsPaidForWithoutRounding() {
    JsonNode order = assertDone(TOOL, arguments("#W1", "L1", "L2", "paypal_1"));
    JsonNode entry = order.path("payment_history").path(1);
    assertThat(entry.path("transaction_type").asText()).isEqualTo("payment");
    assertThat(entry.path("amount").doubleValue()).isEqualTo(20.31 - 20.1);
    assertThat(order.path("items").path(2))
        .isEqualTo(
            SmallShop.json(
                """
                {"name": "Lamp", "product_id": "P2", "item_id": "L2", "price": 20.31,
                 "options": {"tone": "cool"}}\
                """));
    assertThat(order.path("status").asText()).isEqualTo("pending (item modified)");
  }

  @Test
  void aGiftCardPaysTheDifference() {
    assertDone(TOOL, arguments("#W1", "C1 C1", "C2 C2", "gift_card_1"));
    assertThat(shop.balance("gift_card_1")).isEqualTo(32.0);
  }

  @Test
  void aGiftCardGrowsWhenTheDifferenceIsNegative() {
    JsonNode order = assertDone(TOOL, arguments("#W9", "L2", "L1", "gift_card_2"));
    JsonNode entry = order.path("payment_history").path(1);
    assertThat(entry.path("transaction_type").asText()).isEqualTo("refund");
    assertThat(entry.path("amount").doubleValue()).isEqualTo(20.31 - 20.1);
    assertThat(shop.balance("gift_card_2")).isEqualTo(5.71);
  }

  @Test
  void noDifferenceIsARefundOfNothing() {
    JsonNode order = assertDone(TOOL, arguments("#W1", "C1", "C1", "gift_card_1"));
    JsonNode entry = order.path("payment_history").path(1);
    assertThat(entry.path("transaction_type").asText()).isEqualTo("refund");
    assertThat(entry.path("amount").doubleValue()).isZero();
    assertThat(shop.balance("gift_card_1")).isEqualTo(40.0);
  }

  @Test
  void pairsWorkOnTheFirstLineThatNowHasTheItem() {
    JsonNode order = assertDone(TOOL, arguments("#W1", "C1 C1", "C1 C2", "paypal_1"));
    assertThat(order.path("items").findValuesAsText("item_id")).containsExactly("C2", "C1", "L1");
    // The difference reads the first line for both pairs.
    assertThat(order.path("payment_history").path(1).path("amount").doubleValue()).isEqualTo(4.0);
  }

  @Test
  void aSecondTimeIsRefused() {
    assertDone(TOOL, arguments("#W1", "L1", "L2", "paypal_1"));
    assertRefused(
        TOOL, arguments("#W1", "L2", "L1", "paypal_1"), "non-pending order cannot be modified");
  }
}
