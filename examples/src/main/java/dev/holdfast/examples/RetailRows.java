package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The changed records of one world in the database. For one connection and one thread. */
final class RetailRows {
  static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS record (
        world TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        json TEXT NOT NULL,
        PRIMARY KEY (world, kind, id))
      """;

  private static final JsonMapper JSON = new JsonMapper();

  private final Connection connection;
  private final String world;

  RetailRows(Connection connection, String world) {
    this.connection = connection;
    this.world = world;
  }

  Optional<String> text(RetailTable table, String id) throws SQLException {
    String select = "SELECT json FROM record WHERE world = ? AND kind = ? AND id = ?";
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      statement.setString(1, world);
      statement.setString(2, table.key());
      statement.setString(3, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  Optional<ObjectNode> record(RetailTable table, String id) throws SQLException {
    return text(table, id).map(RetailRows::parse);
  }

  void put(RetailTable table, String id, String json) throws SQLException {
    String upsert =
        """
        INSERT INTO record (world, kind, id, json) VALUES (?, ?, ?, ?)
        ON CONFLICT (world, kind, id) DO UPDATE SET json = excluded.json
        """;
    try (PreparedStatement statement = connection.prepareStatement(upsert)) {
      statement.setString(1, world);
      statement.setString(2, table.key());
      statement.setString(3, id);
      statement.setString(4, json);
      statement.executeUpdate();
    }
  }

  /** Every record that was written, by table and id, whether or not it differs from the base. */
  Map<RetailTable, Map<String, ObjectNode>> all() throws SQLException {
    Map<RetailTable, Map<String, ObjectNode>> tables = new EnumMap<>(RetailTable.class);
    for (RetailTable table : RetailTable.values()) {
      tables.put(table, all(table));
    }
    return tables;
  }

  private Map<String, ObjectNode> all(RetailTable table) throws SQLException {
    String select = "SELECT id, json FROM record WHERE world = ? AND kind = ?";
    Map<String, ObjectNode> records = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      statement.setString(1, world);
      statement.setString(2, table.key());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          records.put(rows.getString(1), parse(rows.getString(2)));
        }
      }
    }
    return records;
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("The world's database holds a broken record.", broken);
    }
  }
}
