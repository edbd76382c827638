package dev.holdfast.examples;

import java.sql.SQLException;

/** Requests the exchange of items of a delivered order; no money moves yet. */
final class ExchangeItems {
  private ExchangeItems() {}

  static String apply(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("delivered", "non-delivered order cannot be exchanged");
    double difference = Money.cents(ItemSwap.require(records, order, arguments).difference());
    RetailWallet wallet = order.wallet();
    String method = arguments.text("payment_method_id");
    wallet.require(method);
    wallet.requireCover(
        method, difference, "insufficient gift card balance to pay for the price difference");
    order.record().put("status", "exchange requested");
    order.putSorted("exchange_items", arguments.texts("item_ids"));
    order.putSorted("exchange_new_items", arguments.texts("new_item_ids"));
    order
        .record()
        .put("exchange_payment_method_id", method)
        .put("exchange_price_difference", difference);
    return order.put();
  }
}
