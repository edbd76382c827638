package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;

/** Moves the one payment of a pending order to another payment method. */
final class ModifyPayment {
  private ModifyPayment() {}

  static String apply(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("pending", "non-pending order cannot be modified");
    RetailWallet wallet = order.wallet();
    String method = arguments.text("payment_method_id");
    wallet.require(method);
    JsonNode first = onlyPayment(order);
    requireOther(method, first);
    wallet.requireCover(
        method,
        first.required("amount").doubleValue(),
        "insufficient gift card balance to pay for the order");
    move(order, wallet, first, method);
    return order.put();
  }

  private static JsonNode onlyPayment(RetailOrder order) throws Refusal {
    JsonNode first = order.payments().path(0);
    if (order.payments().size() != 1
        || !"payment".equals(first.path("transaction_type").asText())) {
      throw new Refusal("there should be exactly one payment for a pending order");
    }
    return first;
  }

  private static void requireOther(String method, JsonNode first) throws Refusal {
    if (method.equals(first.path("payment_method_id").asText())) {
      throw new Refusal("the new payment method should be different from the current one");
    }
  }

  private static void move(RetailOrder order, RetailWallet wallet, JsonNode first, String method)
      throws Refusal {
    JsonNode amount = first.required("amount");
    String former = first.path("payment_method_id").asText();
    order.pay("payment", amount, method);
    order.pay("refund", amount, former);
    if (wallet.isGiftCard(method)) {
      wallet.credit(method, -amount.doubleValue());
    }
    if (RetailWallet.namesGiftCard(former)) {
      wallet.credit(former, amount.doubleValue());
    }
  }
}
