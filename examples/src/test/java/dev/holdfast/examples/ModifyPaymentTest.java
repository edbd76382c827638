package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModifyPaymentTest extends ShopTest {
  private static final String TOOL = "modify_pending_order_payment";

  private static String arguments(String order, String method) {
    return """
    {"order_id": "%s", "payment_method_id": "%s"}\
    """
        .formatted(order, method);
  }

  @ParameterizedTest
  @CsvSource({
    "#W0, cash, order not found",
    "#W4, cash, non-pending order cannot be modified",
    "#W5, cash, payment method not found",
    "#W5, gift_card_2, there should be exactly one payment for a pending order",
    "#W6, credit_card_9, there should be exactly one payment for a pending order",
    "#W1, paypal_1, the new payment method should be different from the current one",
    "#W1, gift_card_1, insufficient gift card balance to pay for the order",
  })
  void theFirstFailingCheckDecides(String order, String method, String refusal) {
    assertRefused(TOOL, arguments(order, method), refusal);
  }

  @Test
  void theOldPaymentIsRefundedAfterTheNewOne() {
    JsonNode order = assertDone(TOOL, arguments("#W2", "paypal_1"));
    assertThat(order.path("payment_history"))
        .isEqualTo(
            SmallShop.json(
                """
                [{"transaction_type": "payment", "amount": 20.1,
                  "payment_method_id": "gift_card_1"},
                 {"transaction_type": "payment", "amount": 20.1, "payment_method_id": "paypal_1"},
                 {"transaction_type": "refund", "amount": 20.1,
                  "payment_method_id": "gift_card_1"}]
                """));
    assertThat(order.path("status").asText()).isEqualTo("pending");
    assertThat(shop.balance("gift_card_1")).isEqualTo(60.1);
  }

  @Test
  void aGiftCardPaysUpToItsWholeBalance() {
    assertDone(TOOL, arguments("#W7", "gift_card_1"));
    assertThat(shop.balance("gift_card_1")).isZero();
  }

  @Test
  void betweenGiftCardsOnePaysAndTheOtherGetsItsMoneyBack() {
    assertDone(TOOL, arguments("#W8", "gift_card_2"));
    assertThat(shop.balance("gift_card_1")).isEqualTo(43.25);
    assertThat(shop.balance("gift_card_2")).isEqualTo(2.25);
  }
}
