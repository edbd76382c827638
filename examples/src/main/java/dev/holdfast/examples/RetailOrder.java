package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** One order, as one call changes it. */
final class RetailOrder {
  private final RetailRecords records;
  private final String id;
  private final ObjectNode record;

  private RetailOrder(RetailRecords records, String id, ObjectNode record) {
    this.records = records;
    this.id = id;
    this.record = record;
  }

  static RetailOrder require(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    String id = arguments.text("order_id");
    return new RetailOrder(records, id, records.require(RetailTable.ORDERS, id));
  }

  void requireStatus(String status, String refusal) throws Refusal {
    if (!status.equals(record.path("status").textValue())) {
      throw new Refusal(refusal);
    }
  }

  RetailWallet wallet() throws Refusal, SQLException {
    String owner = record.path("user_id").asText();
    return new RetailWallet(records, owner, records.require(RetailTable.USERS, owner));
  }

  /** The order's lines, to read or to change. */
  ArrayNode lines() {
    return record.withArray("items");
  }

  /** The first line that now has this item. */
  Optional<ObjectNode> line(String itemId) {
    for (JsonNode line : lines()) {
      if (itemId.equals(line.path("item_id").textValue())) {
        return Optional.of((ObjectNode) line);
      }
    }
    return Optional.empty();
  }

  /** Whether the order has as many lines with this item as the list names it. */
  boolean covers(List<String> itemIds, String itemId) {
    long asked = itemIds.stream().filter(itemId::equals).count();
    long lines = 0;
    for (JsonNode line : lines()) {
      lines += itemId.equals(line.path("item_id").textValue()) ? 1 : 0;
    }
    return asked <= lines;
  }

  ArrayNode payments() {
    return record.withArray("payment_history");
  }

  void pay(String type, JsonNode amount, String method) {
    payments()
        .addObject()
        .put("transaction_type", type)
        .<ObjectNode>set("amount", amount)
        .put("payment_method_id", method);
  }

  void putSorted(String field, List<String> itemIds) {
    ArrayNode sorted = record.putArray(field);
    itemIds.stream().sorted().forEach(sorted::add);
  }

  ObjectNode record() {
    return record;
  }

  /** Keeps the changed order; the answer of every tool that changes one. */
  String put() {
    records.put(RetailTable.ORDERS, id, record);
    return JsonText.printed(record);
  }
}
