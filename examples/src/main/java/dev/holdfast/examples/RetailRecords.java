package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The shop as one call sees it: the base under what this world changed. Changes are kept until
 * {@link #store()}, so that a refused call leaves nothing behind. For one call and one thread.
 */
final class RetailRecords {
  private final RetailBase base;
  private final RetailRows rows;
  private final Map<RetailTable, Map<String, ObjectNode>> changes =
      new EnumMap<>(RetailTable.class);

  RetailRecords(RetailBase base, RetailRows rows) {
    this.base = base;
    this.rows = rows;
  }

  RetailBase base() {
    return base;
  }

  /** A copy of the record as it stands, for the caller to change and {@link #put} back. */
  ObjectNode require(RetailTable table, String id) throws Refusal, SQLException {
    Optional<ObjectNode> changed = rows.record(table, id);
    if (changed.isPresent()) {
      return changed.get();
    }
    return base.record(table, id)
        .map(ObjectNode::deepCopy)
        .orElseThrow(() -> new Refusal(table.singular() + " not found"));
  }

  /** The record as it stands, printed. */
  String printed(RetailTable table, String id) throws Refusal, SQLException {
    Optional<String> changed = rows.text(table, id);
    if (changed.isPresent()) {
      return changed.get();
    }
    return base.record(table, id)
        .map(JsonText::printed)
        .orElseThrow(() -> new Refusal(table.singular() + " not found"));
  }

  JsonNode requireProduct(String id) throws Refusal {
    return base.product(id).orElseThrow(() -> new Refusal("product not found"));
  }

  void put(RetailTable table, String id, ObjectNode record) {
    changes.computeIfAbsent(table, unused -> new LinkedHashMap<>()).put(id, record);
  }

  /** Writes what was put; answers whether any record differs from before this call. */
  boolean store() throws SQLException {
    boolean changed = false;
    for (var table : changes.entrySet()) {
      for (var record : table.getValue().entrySet()) {
        changed |= store(table.getKey(), record.getKey(), record.getValue());
      }
    }
    return changed;
  }

  private boolean store(RetailTable table, String id, ObjectNode after) throws SQLException {
    Optional<ObjectNode> before = rows.record(table, id).or(() -> base.record(table, id));
    rows.put(table, id, JsonText.printed(after));
    return !before.map(JsonText::canonical).equals(Optional.of(JsonText.canonical(after)));
  }
}
