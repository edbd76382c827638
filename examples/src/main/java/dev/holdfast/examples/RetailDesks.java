package dev.holdfast.examples;

import dev.holdfast.agents.Contracts;
import dev.holdfast.journal.Contract;
import java.util.List;
import java.util.Map;

/** What the desks that change the shop share. */
final class RetailDesks {
  private RetailDesks() {}

  /** One contract for every tool that changes the shop. */
  static Contracts contracts(Contract contract) {
    return Contracts.of("cancel_*", contract)
        .and("exchange_*", contract)
        .and("modify_*", contract)
        .and("return_*", contract);
  }

  static Map<String, Object> swap(
      String order, List<String> items, List<String> newItems, String method) {
    return Map.of(
        "order_id", order,
        "item_ids", items,
        "new_item_ids", newItems,
        "payment_method_id", method);
  }

  static Map<String, Object> address(
      String owner,
      String id,
      String street,
      String suite,
      String city,
      String state,
      String country,
      String zip) {
    return Map.of(
        owner,
        id,
        "address1",
        street,
        "address2",
        suite,
        "city",
        city,
        "state",
        state,
        "country",
        country,
        "zip",
        zip);
  }
}
