package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** The tables of a store and the version that they have. */
final class Schema {
  /** The version that this code reads and writes, in the pragma {@code user_version}. */
  static final int VERSION = 1;

  /** The mark of a store among SQLite files: "HOLD" in the pragma {@code application_id}. */
  static final int APPLICATION = 0x484F4C44;

  private static final String RESOURCE = "schema.sql";

  private Schema() {}

  /** Makes the tables of a new store. */
  static void prepare(Connection connection, StoreFile file) throws SQLException {
    if (isEmpty(connection)) {
      inTransaction(
          connection,
          sql(),
          "PRAGMA user_version = " + VERSION,
          "PRAGMA application_id = " + APPLICATION);
    }
  }

  /** Counts one more opening by an executor, which fences the ones before; durable on return. */
  static long countOpening(Connection connection) throws SQLException {
    inTransaction(connection, "UPDATE meta SET value = value + 1 WHERE name = 'opened'");
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT value FROM meta WHERE name = 'opened'")) {
      return row.getLong(1);
    }
  }

  private static void inTransaction(Connection connection, String... steps) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        for (String step : steps) {
          statement.executeUpdate(step);
        }
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  /** Refuses a file without tables, which nobody has opened for execution yet. */
  static void requireTables(Connection connection, StoreFile file) throws SQLException {
    if (isEmpty(connection)) {
      throw new StoreFailed(
          "%s is an empty database. Open it in the application first.".formatted(file));
    }
  }

  /** Refuses another program's file, and a store of a version that this code does not know. */
  static void refuseForeign(Connection connection, StoreFile file) throws SQLException {
    if (isEmpty(connection)) {
      return;
    }
    int application = Integer.parseInt(Connections.answer(connection, "application_id"));
    if (application != APPLICATION) {
      throw new StoreFailed(
          ("%s is the database of another program: application_id %d, a store has %d."
                  + " Nothing was changed. Name another file.")
              .formatted(file, application, APPLICATION));
    }
    int version = Integer.parseInt(Connections.answer(connection, "user_version"));
    if (version > VERSION) {
      throw new StoreFailed(
          ("The store %s was made by a newer Holdfast: schema version %d > %d known here."
                  + " Nothing was changed. Upgrade Holdfast, or name another file.")
              .formatted(file, version, VERSION));
    }
  }

  /** The statements that make the tables. */
  static String sql() {
    try (InputStream resource = Schema.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(resource, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    return Connections.answer(connection, "schema_version").equals("0");
  }
}
