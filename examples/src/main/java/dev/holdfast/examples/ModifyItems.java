package dev.holdfast.examples;

import com.fasterxml.jackson.databind.node.DoubleNode;
import java.sql.SQLException;

/** Replaces items of a pending order, once, and settles the difference in price. */
final class ModifyItems {
  private ModifyItems() {}

  static String apply(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("pending", "non-pending order cannot be modified");
    ItemSwap swap = ItemSwap.require(records, order, arguments);
    double difference = swap.difference();
    RetailWallet wallet = order.wallet();
    String method = arguments.text("payment_method_id");
    wallet.require(method);
    wallet.requireCover(
        method, difference, "insufficient gift card balance to pay for the new item");
    settle(order, wallet, method, difference);
    swap.apply();
    order.record().put("status", "pending (item modified)");
    return order.put();
  }

  private static void settle(
      RetailOrder order, RetailWallet wallet, String method, double difference) throws Refusal {
    String type = difference > 0 ? "payment" : "refund";
    order.pay(type, DoubleNode.valueOf(Math.abs(difference)), method);
    if (wallet.isGiftCard(method)) {
      wallet.credit(method, -difference);
    }
  }
}
