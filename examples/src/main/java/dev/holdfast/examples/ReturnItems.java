package dev.holdfast.examples;

import java.sql.SQLException;
import java.util.List;

/** Requests the return of items of a delivered order; no money moves yet. */
final class ReturnItems {
  private ReturnItems() {}

  static String apply(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("delivered", "non-delivered order cannot be returned");
    String method = arguments.text("payment_method_id");
    requireMethod(order, method);
    List<String> itemIds = arguments.texts("item_ids");
    if (!itemIds.stream().allMatch(itemId -> order.covers(itemIds, itemId))) {
      throw new Refusal("some item not found");
    }
    order.record().put("status", "return requested");
    order.putSorted("return_items", itemIds);
    order.record().put("return_payment_method_id", method);
    return order.put();
  }

  private static void requireMethod(RetailOrder order, String method) throws Refusal, SQLException {
    order.wallet().require(method);
    String original = order.payments().path(0).path("payment_method_id").asText();
    if (!RetailWallet.namesGiftCard(method) && !method.equals(original)) {
      throw new Refusal(
          "payment method should be either the original payment method or a gift card");
    }
  }
}
