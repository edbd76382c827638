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
  static final int VERSION = 4;

  /** The first version that says whether its data is encrypted. */
  static final int WITH_KEYS = 4;

  /** The mark of a store among SQLite files: "HOLD" in the pragma {@code application_id}. */
  static final int APPLICATION = 0x484F4C44;

  private static final String TABLES = "schema.sql";

  private Schema() {}

  /** Makes the tables of a new store, and brings those of an older one up to date. */
  static void prepare(Connection connection, StoreFile file) throws SQLException {
    if (isEmpty(connection)) {
      inTransaction(
          connection,
          sql(),
          "PRAGMA user_version = " + VERSION,
          "PRAGMA application_id = " + APPLICATION);
    }
    for (int next = version(connection) + 1; next <= VERSION; next++) {
      inTransaction(
          connection, text("migration-%d.sql".formatted(next)), "PRAGMA user_version = " + next);
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

  /** Refuses a file without tables, and one whose tables are of an earlier version. */
  static void requireCurrent(Connection connection, StoreFile file) throws SQLException {
    requireTables(connection, file);
    int version = version(connection);
    if (version < VERSION) {
      throw new StoreFailed(
          ("The store %s was made by an older Holdfast: schema version %d < %d needed here."
                  + " Nothing was changed. Open it in the application first, which updates it.")
              .formatted(file, version, VERSION));
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
    int version = version(connection);
    if (version > VERSION) {
      throw new StoreFailed(
          ("The store %s was made by a newer Holdfast: schema version %d > %d known here."
                  + " Nothing was changed. Upgrade Holdfast, or name another file.")
              .formatted(file, version, VERSION));
    }
  }

  /** The version of a store's tables. */
  static int version(Connection connection) throws SQLException {
    return Integer.parseInt(Connections.answer(connection, "user_version"));
  }

  /** The statements that make the tables. */
  static String sql() {
    return text(TABLES);
  }

  private static String text(String name) {
    try (InputStream resource = Schema.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    return Connections.answer(connection, "schema_version").equals("0");
  }
}
