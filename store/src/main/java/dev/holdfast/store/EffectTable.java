package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/** The dedupe rows in a user's own database. */
final class EffectTable {
  private static final String RESOURCE = "effect.sql";
  private static final String INTEGRITY = "23";
  private static final String ROLLBACK = "40";
  private static final String COMPLETION_UNKNOWN = "40003";

  private EffectTable() {}

  static void create(DataSource source) {
    try (Connection connection = source.getConnection()) {
      // A pool may hand out connections that do not, and would roll the statement back.
      connection.setAutoCommit(true);
      create(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The table holdfast_effect could not be made. Run effect.sql by hand.", e);
    }
  }

  private static void create(Connection connection) throws SQLException {
    if (exists(connection)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(statement(connection.getMetaData().getDatabaseProductName()));
    } catch (SQLException e) {
      // Another process may have been quicker.
      if (!exists(connection)) {
        throw e;
      }
    }
  }

  /** The statement that makes the table, with the name that the database has for a long text. */
  static String statement(String product) {
    String type =
        switch (product) {
          case "SQLite", "PostgreSQL" -> "TEXT";
          case "MySQL", "MariaDB" -> "LONGTEXT";
          case "Microsoft SQL Server" -> "NVARCHAR(MAX)";
          default -> "CLOB";
        };
    return sql().replace("TEXT", type);
  }

  /** Inserts the key's row, for which it waits while another transaction has the same. */
  static void insert(Connection connection, IdempotencyKey key, Duration atMost)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO holdfast_effect (effect_key) VALUES (?)")) {
      // SQLite has a busy timeout, which this would replace by a longer one.
      if (!connection.getMetaData().getDatabaseProductName().equals("SQLite")) {
        insert.setQueryTimeout(patience(atMost));
      }
      insert.setString(1, key.text());
      insert.executeUpdate();
    }
  }

  /** Whole seconds, less than the attempt may take: the answer shall come before that is over. */
  private static int patience(Duration atMost) {
    return Math.toIntExact(Math.max(1, atMost.multipliedBy(9).dividedBy(10).toSeconds()));
  }

  static void keep(Connection connection, IdempotencyKey key, Payload result) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE holdfast_effect SET result = ? WHERE effect_key = ?")) {
      update.setString(1, result.text());
      update.setString(2, key.text());
      int rows = update.executeUpdate();
      if (rows != 1) {
        throw new IllegalStateException(
            ("The row of %s is gone from holdfast_effect: the work ended the transaction itself."
                    + " Leave commit and rollback to Holdfast.")
                .formatted(key));
      }
    }
  }

  static Optional<Payload> result(Connection connection, IdempotencyKey key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT result FROM holdfast_effect WHERE effect_key = ?")) {
      select.setString(1, key.text());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(new Payload(Objects.requireNonNullElse(row.getString(1), "null")))
            : Optional.empty();
      }
    }
  }

  /** Whether the key's row is there already. */
  static boolean isDuplicate(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLIntegrityConstraintViolationException
        || (state != null && state.startsWith(INTEGRITY))
        || SqliteErrors.isConstraint(failure);
  }

  /** Whether a commit that failed so has rolled back for certain. */
  static boolean isRolledBack(SQLException failure) {
    String state = failure.getSQLState();
    return isDuplicate(failure)
        || (state != null && state.startsWith(ROLLBACK) && !state.equals(COMPLETION_UNKNOWN));
  }

  private static boolean exists(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery("SELECT effect_key FROM holdfast_effect WHERE 1 = 0")) {
      return !none.next();
    } catch (SQLException e) {
      return false;
    }
  }

  private static String sql() {
    try (InputStream resource = EffectTable.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(resource, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
