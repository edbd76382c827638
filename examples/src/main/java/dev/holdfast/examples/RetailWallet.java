package dev.holdfast.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The payment methods of one customer, with the balances of their gift cards. */
record RetailWallet(RetailRecords records, String owner, ObjectNode user) {

  /** Whether a payment method is a gift card, judged by its id alone. */
  static boolean namesGiftCard(String method) {
    return method.contains("gift_card");
  }

  void require(String method) throws Refusal {
    if (!user.path("payment_methods").has(method)) {
      throw new Refusal("payment method not found");
    }
  }

  /** Whether a payment method is a gift card, judged by its source. */
  boolean isGiftCard(String method) {
    return "gift_card".equals(user.path("payment_methods").path(method).path("source").textValue());
  }

  void requireCover(String method, double amount, String refusal) throws Refusal {
    if (isGiftCard(method) && balance(method) < amount) {
      throw new Refusal(refusal);
    }
  }

  double balance(String method) {
    return user.path("payment_methods").path(method).path("balance").doubleValue();
  }

  /** Adds an amount, negative to take it, to a gift card and keeps the changed customer. */
  void credit(String method, double amount) throws Refusal {
    require(method);
    ObjectNode card = (ObjectNode) user.required("payment_methods").required(method);
    card.put("balance", Money.cents(balance(method) + amount));
    records.put(RetailTable.USERS, owner, user);
  }
}
