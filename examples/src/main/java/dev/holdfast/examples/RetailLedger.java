package dev.holdfast.examples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What really reached one world: a row for every execution of a writing tool, in the transaction of
 * its change. For one connection and one thread.
 */
public final class RetailLedger {
  static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS ledger (
        world TEXT NOT NULL,
        number INTEGER NOT NULL,
        call_id TEXT NOT NULL,
        tool TEXT NOT NULL,
        idempotency_key TEXT,
        arguments TEXT NOT NULL,
        result TEXT NOT NULL,
        changed INTEGER NOT NULL,
        repeats INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (world, number))
      """;

  static final String KEY_DDL =
      """
      CREATE UNIQUE INDEX IF NOT EXISTS ledger_key ON ledger (world, idempotency_key)
      WHERE idempotency_key IS NOT NULL
      """;

  private static final String SELECT =
      """
      SELECT number, call_id, tool, idempotency_key, arguments, result, changed, repeats, at
      FROM ledger WHERE world = ?
      """;

  /**
   * One execution.
   *
   * @param number 1 for the first of its world
   * @param key the idempotency key that came with the call, if any
   * @param changed whether any record differed afterwards; a refused call changes none
   * @param repeats how often the same key came again and was answered without an execution
   */
  public record Row(
      int number,
      RetailCall call,
      Optional<String> key,
      String result,
      boolean changed,
      int repeats,
      Instant at) {}

  private final Connection connection;
  private final String world;

  RetailLedger(Connection connection, String world) {
    this.connection = connection;
    this.world = world;
  }

  void append(RetailCall call, Optional<String> key, String result, boolean changed, Instant at)
      throws SQLException {
    String insert =
        """
        INSERT INTO ledger
        SELECT ?1, 1 + coalesce(max(number), 0), ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8
        FROM ledger WHERE world = ?1
        """;
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setString(1, world);
      statement.setString(2, call.id());
      statement.setString(3, call.tool());
      statement.setString(4, key.orElse(null));
      statement.setString(5, call.arguments());
      statement.setString(6, result);
      statement.setBoolean(7, changed);
      statement.setString(8, at.toString());
      statement.executeUpdate();
    }
  }

  /** The execution that this key had, if it had one. */
  Optional<Row> find(String key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(SELECT + " AND idempotency_key = ?")) {
      statement.setString(1, world);
      statement.setString(2, key);
      return rows(statement).stream().findFirst();
    }
  }

  void countRepeat(Row row) throws SQLException {
    String update = "UPDATE ledger SET repeats = repeats + 1 WHERE world = ? AND number = ?";
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setString(1, world);
      statement.setInt(2, row.number());
      statement.executeUpdate();
    }
  }

  List<Row> rows() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT + " ORDER BY number")) {
      statement.setString(1, world);
      return rows(statement);
    }
  }

  private static List<Row> rows(PreparedStatement statement) throws SQLException {
    List<Row> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(row(rows));
      }
    }
    return List.copyOf(found);
  }

  private static Row row(ResultSet rows) throws SQLException {
    return new Row(
        rows.getInt("number"),
        new RetailCall(
            rows.getString("call_id"), rows.getString("tool"), rows.getString("arguments")),
        Optional.ofNullable(rows.getString("idempotency_key")),
        rows.getString("result"),
        rows.getBoolean("changed"),
        rows.getInt("repeats"),
        Instant.parse(rows.getString("at")));
  }
}
