package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReturnItemsTest extends ShopTest {
  private static final String TOOL = "return_delivered_order_items";

  private static String arguments(String order, String items, String method) {
    return """
    {"order_id": "%s", "item_ids": %s, "payment_method_id": "%s"}\
    """
        .formatted(order, ModifyItemsTest.list(items), method);
  }

  @ParameterizedTest
  @CsvSource({
    "#W0, X9, cash, order not found",
    "#W1, X9, cash, non-delivered order cannot be returned",
    "#W3, X9, cash, payment method not found",
    "#W3, X9, credit_card_1, "
        + "payment method should be either the original payment method or a gift card",
    "#W3, X9, gift_card_1, some item not found",
    "#W3, C2 C2, paypal_1, some item not found",
  })
  void theFirstFailingCheckDecides(String order, String items, String method, String refusal) {
    assertRefused(TOOL, arguments(order, items, method), refusal);
  }

  @Test
  void theRequestIsNotedAndNothingMoves() {
    String answer = shop.answer(TOOL, arguments("#W3", "L2 C2", "paypal_1"));
    assertThat(answer)
        .endsWith(
            "\"return_items\": [\"C2\", \"L2\"], \"return_payment_method_id\": \"paypal_1\"}");
    assertThat(shop.order("#W3").path("status").asText()).isEqualTo("return requested");
    assertThat(shop.order("#W3").path("items")).hasSize(2);
    assertThat(shop.order("#W3").path("payment_history")).hasSize(1);
  }

  @Test
  void anyGiftCardOfTheCustomerWillDo() {
    assertDone(TOOL, arguments("#W3", "L2", "gift_card_2"));
    assertThat(shop.balance("gift_card_2")).isEqualTo(5.5);
  }

  @Test
  void aSecondTimeIsRefused() {
    assertDone(TOOL, arguments("#W3", "L2", "paypal_1"));
    assertRefused(
        TOOL, arguments("#W3", "L2", "paypal_1"), "non-delivered order cannot be returned");
  }
}
