package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Cancels a pending order and refunds every entry of its payment history. */
final class CancelOrder {
  private static final List<String> REASONS = List.of("no longer needed", "ordered by mistake");

  private CancelOrder() {}

  static String apply(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("pending", "non-pending order cannot be cancelled");
    String reason = arguments.text("reason");
    if (!REASONS.contains(reason)) {
      throw new Refusal("invalid reason");
    }
    refund(order);
    order.record().put("status", "cancelled").put("cancel_reason", reason);
    return order.put();
  }

  private static void refund(RetailOrder order) throws Refusal, SQLException {
    List<JsonNode> entries = new ArrayList<>();
    order.payments().forEach(entries::add);
    RetailWallet wallet = order.wallet();
    for (JsonNode entry : entries) {
      String method = entry.path("payment_method_id").asText();
      order.pay("refund", entry.required("amount"), method);
      if (RetailWallet.namesGiftCard(method)) {
        wallet.credit(method, entry.required("amount").doubleValue());
      }
    }
  }
}
