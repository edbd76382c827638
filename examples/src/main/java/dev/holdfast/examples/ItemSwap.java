package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Items of an order, pairwise against new items of the same products, checked. */
final class ItemSwap {
  private final RetailRecords records;
  private final RetailOrder order;
  private final List<String> itemIds;
  private final List<String> newItemIds;

  private ItemSwap(RetailRecords records, RetailOrder order, RetailArguments arguments) {
    this.records = records;
    this.order = order;
    this.itemIds = arguments.texts("item_ids");
    this.newItemIds = arguments.texts("new_item_ids");
  }

  static ItemSwap require(RetailRecords records, RetailOrder order, RetailArguments arguments)
      throws Refusal {
    ItemSwap swap = new ItemSwap(records, order, arguments);
    for (String itemId : swap.itemIds) {
      if (!order.covers(swap.itemIds, itemId)) {
        throw new Refusal(itemId + " not found");
      }
    }
    if (swap.itemIds.size() != swap.newItemIds.size()) {
      throw new Refusal("the number of items to be exchanged should match");
    }
    return swap;
  }

  /** What the new items cost more than the old ones, not rounded. */
  double difference() throws Refusal {
    double difference = 0;
    for (int i = 0; i < itemIds.size(); i++) {
      ObjectNode line = order.line(itemIds.get(i)).orElseThrow();
      difference += price(variant(line, newItemIds.get(i))) - price(line);
    }
    return difference;
  }

  /** Puts the new items into the order's lines. */
  void apply() throws Refusal {
    for (int i = 0; i < itemIds.size(); i++) {
      ObjectNode line = order.line(itemIds.get(i)).orElseThrow();
      JsonNode variant = variant(line, newItemIds.get(i));
      line.put("item_id", newItemIds.get(i));
      line.set("price", variant.required("price"));
      line.set("options", variant.required("options").deepCopy());
    }
  }

  private JsonNode variant(ObjectNode line, String newItemId) throws Refusal {
    JsonNode product = records.requireProduct(line.path("product_id").asText());
    JsonNode variant = product.path("variants").path(newItemId);
    if (!variant.path("available").booleanValue()) {
      throw new Refusal("new item " + newItemId + " not found or available");
    }
    return variant;
  }

  private static double price(JsonNode item) {
    return item.required("price").doubleValue();
  }
}
