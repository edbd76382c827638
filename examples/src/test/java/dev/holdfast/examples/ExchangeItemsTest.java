package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExchangeItemsTest extends ShopTest {
  private static final String TOOL = "exchange_delivered_order_items";

  @ParameterizedTest
  @CsvSource({
    "#W0, X9, '', cash, order not found",
    "#W1, X9, '', cash, non-delivered order cannot be exchanged",
    "#W3, L2 X9, '', cash, X9 not found",
    "#W3, C2, '', cash, the number of items to be exchanged should match",
    "#W3, C2, C9, cash, new item C9 not found or available",
    "#W3, C2, C3, cash, new item C3 not found or available",
    "#W3, C2, C4, cash, payment method not found",
    "#W3, C2, C4, gift_card_1, insufficient gift card balance to pay for the price difference",
  })
  void theFirstFailingCheckDecides(
      String order, String from, String to, String method, String refusal) {
    assertRefused(TOOL, ModifyItemsTest.arguments(order, from, to, method), refusal);
  }

  @Test
  void theRequestIsNotedAndNothingMoves() {
    String answer =
        shop.answer(TOOL, ModifyItemsTest.arguments("#W3", "L2 C2", "L1 C1", "gift_card_1"));
    assertThat(answer)
        .endsWith(
            """
            "exchange_items": ["C2", "L2"], "exchange_new_items": ["C1", "L1"], \
            "exchange_payment_method_id": "gift_card_1", "exchange_price_difference": -4.21}\
            """);
    JsonNode order = shop.order("#W3");
    assertThat(order.path("status").asText()).isEqualTo("exchange requested");
    assertThat(order.path("items").findValuesAsText("item_id")).containsExactly("C2", "L2");
    assertThat(order.path("payment_history")).hasSize(1);
    assertThat(shop.balance("gift_card_1")).isEqualTo(40.0);
  }

  @Test
  void aSecondTimeIsRefused() {
    String arguments = ModifyItemsTest.arguments("#W3", "C2", "C1", "paypal_1");
    assertDone(TOOL, arguments);
    assertRefused(TOOL, arguments, "non-delivered order cannot be exchanged");
  }
}
