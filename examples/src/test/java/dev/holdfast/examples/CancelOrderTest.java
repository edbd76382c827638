package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CancelOrderTest extends ShopTest {
  private static final String TOOL = "cancel_pending_order";

  private static String arguments(String order, String reason) {
    return """
    {"order_id": "%s", "reason": "%s"}\
    """
        .formatted(order, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "W1, bored, order not found",
    "#W3, bored, non-pending order cannot be cancelled",
    "#W4, no longer needed, non-pending order cannot be cancelled",
    "#W1, bored, invalid reason",
    "#W1, No longer needed, invalid reason",
  })
  void theFirstFailingCheckDecides(String order, String reason, String refusal) {
    assertRefused(TOOL, arguments(order, reason), refusal);
  }

  @Test
  void anOrderWithModifiedItemsIsNotPending() {
    shop.answer(
        "modify_pending_order_items",
        """
        {"order_id": "#W1", "item_ids": ["L1"], "new_item_ids": ["L2"],
         "payment_method_id": "paypal_1"}\
        """);
    assertRefused(
        TOOL, arguments("#W1", "no longer needed"), "non-pending order cannot be cancelled");
  }

  @Test
  void everyEntryIsRefundedAfterTheExistingOnes() {
    JsonNode order = assertDone(TOOL, arguments("#W5", "no longer needed"));
    assertThat(order.path("payment_history"))
        .isEqualTo(
            SmallShop.json(
                """
                [{"transaction_type": "payment", "amount": 9.995,
                  "payment_method_id": "gift_card_2"},
                 {"transaction_type": "refund", "amount": 1, "payment_method_id": "gift_card_1"},
                 {"transaction_type": "payment", "amount": 2.5, "payment_method_id": "paypal_1"},
                 {"transaction_type": "refund", "amount": 9.995,
                  "payment_method_id": "gift_card_2"},
                 {"transaction_type": "refund", "amount": 1, "payment_method_id": "gift_card_1"},
                 {"transaction_type": "refund", "amount": 2.5, "payment_method_id": "paypal_1"}]
                """));
    assertThat(order.path("status").asText()).isEqualTo("cancelled");
  }

  @Test
  void giftCardsGetTheirMoneyBackRoundedToCents() {
    assertDone(TOOL, arguments("#W5", "ordered by mistake"));
    assertThat(shop.balance("gift_card_1")).isEqualTo(41.0);
    // 5.5 + 9.995 is 15.494999… as a double, so it is no tie.
    assertThat(shop.balance("gift_card_2")).isEqualTo(15.49);
  }

  @Test
  void theReasonIsTheNewLastKey() {
    String answer = shop.answer(TOOL, arguments("#W1", "ordered by mistake"));
    assertThat(answer).endsWith("\"cancel_reason\": \"ordered by mistake\"}");
    assertThat(shop.world.changedRecords().has("users")).isFalse();
  }
}
