package dev.holdfast.examples;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One retail shop outside the agent: what changed since the base, under a world id of its own in a
 * shared database. An id that was never used is a fresh world; making one costs nothing. Safe for
 * use by many threads and processes.
 */
public final class RetailWorld {
  private final RetailBase base;
  private final RetailDatabase database;
  private final String id;

  RetailWorld(RetailBase base, RetailDatabase database, String id) {
    this.base = base;
    this.database = database;
    this.id = id;
  }

  String id() {
    return id;
  }

  /**
   * Executes a call in the caller's transaction: change and ledger row are committed with it or not
   * at all. The transaction must have begun as a writing one ({@link RetailDatabase#source} sees to
   * that).
   */
  String execute(Connection connection, RetailCall call) throws SQLException {
    return execute(connection, call, Optional.empty());
  }

  /** Executes a call in a transaction of its own; a second time is a second execution. */
  public String execute(RetailCall call) {
    boolean writes = RetailTool.named(call.tool()).filter(RetailTool::writes).isPresent();
    RetailDatabase.Work<String> work = connection -> execute(connection, call);
    return writes ? database.inTransaction(work) : database.read(work);
  }

  /**
   * Executes a call once per key, in a transaction of its own. The key again is answered with the
   * first result, changes nothing and is counted as a repeat.
   *
   * @throws IllegalArgumentException if the key was used for another call
   */
  String executeKeyed(RetailCall call, String key) {
    if (RetailTool.named(call.tool()).filter(RetailTool::writes).isEmpty()) {
      return execute(call);
    }
    return database.inTransaction(connection -> executeKeyed(connection, call, key));
  }

  private String executeKeyed(Connection connection, RetailCall call, String key)
      throws SQLException {
    RetailLedger ledger = new RetailLedger(connection, id);
    Optional<RetailLedger.Row> first = ledger.find(key);
    if (first.isEmpty()) {
      return execute(connection, call, Optional.of(key));
    }
    requireSame(first.get(), call, key);
    ledger.countRepeat(first.get());
    return first.get().result();
  }

  private static void requireSame(RetailLedger.Row first, RetailCall call, String key) {
    RetailCall known = first.call();
    if (!known.asksFor(call)) {
      throw new IllegalArgumentException(
          "The key %s belongs to %s%s, not to %s%s. Send a new call under a new key."
              .formatted(key, known.tool(), known.arguments(), call.tool(), call.arguments()));
    }
  }

  private String execute(Connection connection, RetailCall call, Optional<String> key)
      throws SQLException {
    Optional<RetailTool> tool = RetailTool.named(call.tool());
    if (tool.isEmpty()) {
      return "Unknown action " + call.tool();
    }
    RetailRecords records = new RetailRecords(base, new RetailRows(connection, id));
    String answer = tool.get().answer(records, call.arguments());
    if (tool.get().writes()) {
      boolean changed = records.store();
      new RetailLedger(connection, id)
          .append(call, key, answer, changed, database.clock().instant());
    }
    return answer;
  }

  /** Every execution of a writing tool that this world saw, in order. */
  public List<RetailLedger.Row> ledger() {
    return database.read(connection -> new RetailLedger(connection, id).rows());
  }

  /** The records that differ from the base: table to id to record; nothing for an equal table. */
  ObjectNode changedRecords() {
    ObjectNode tables = JsonNodeFactory.instance.objectNode();
    Map<RetailTable, Map<String, ObjectNode>> all =
        database.read(connection -> new RetailRows(connection, id).all());
    all.forEach((table, records) ->
        records.forEach((recordId, record) -> {
          if (differs(table, recordId, record)) {
            tables.withObjectProperty(table.key()).set(recordId, record);
          }
        }));
    return tables;
  }

  private boolean differs(RetailTable table, String recordId, ObjectNode record) {
    return !base.record(table, recordId)
        .map(JsonText::canonical)
        .equals(Optional.of(JsonText.canonical(record)));
  }

  /** The hash of {@link #changedRecords}. */
  public String stateHash() {
    return JsonText.hash(changedRecords());
  }
}
