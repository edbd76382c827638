package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out what can be told of a store on PostgreSQL. */
final class PostgresFacts {
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(1);
  private static final List<String> SETTINGS =
      List.of("default_transaction_isolation", "synchronous_commit", "fsync", "full_page_writes");
  private static final String EXECUTED =
      "SELECT EXISTS (SELECT 1 FROM holdfast.worker WHERE lease_until > clock_timestamp())";
  private static final String WORKERS =
      "SELECT number, name, (extract(epoch FROM lease_until) * 1000000)::bigint,"
          + " lease_until > clock_timestamp(),"
          + " (SELECT count(*) FROM holdfast.run WHERE owner = worker.number)"
          + " FROM holdfast.worker ORDER BY number LIMIT 1000";
  private static final String SETTING = "SELECT current_setting(?)";
  private static final String VERSION = "SELECT current_setting('server_version')";
  private static final String NOW =
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

  private PostgresFacts() {}

  /** Whether a worker's lease has not run out. */
  static boolean isExecuted(PostgresConnections connections) {
    PostgresSchema.require(connections);
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(EXECUTED)) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw PostgresErrors.failed("on PostgreSQL", e);
    }
  }

  /**
   * Looks at the store of a database.
   *
   * @throws StoreFailed where there is none, or none that this version can read
   */
  static StoreFacts.OfServer of(PostgresConnections connections) {
    String location = PostgresSchema.require(connections);
    try (Connection connection = connections.open()) {
      return new StoreFacts.OfServer(
          location,
          text(connection, VERSION),
          PostgresSchema.versions(connections).version(),
          StoreKey.keyId(connection),
          settings(connection),
          unsafe(connections),
          workers(connection),
          clockAhead(connection),
          hears(connection, connections));
    } catch (SQLException e) {
      throw PostgresErrors.failed(location, e);
    }
  }

  private static Map<String, String> settings(Connection connection) throws SQLException {
    var settings = new LinkedHashMap<String, String>();
    try (PreparedStatement select = connection.prepareStatement(SETTING)) {
      for (String name : SETTINGS) {
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
          row.next();
          settings.put(name, row.getString(1));
        }
      }
    }
    return settings;
  }

  private static Optional<String> unsafe(PostgresConnections connections) throws SQLException {
    try {
      connections.checked().connection().close();
      return Optional.empty();
    } catch (StoreFailed refused) {
      return Optional.ofNullable(refused.getMessage());
    }
  }

  private static List<StoreFacts.Worker> workers(Connection connection) throws SQLException {
    var workers = new ArrayList<StoreFacts.Worker>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(WORKERS)) {
      while (row.next()) {
        workers.add(worker(row));
      }
    }
    return workers;
  }

  private static StoreFacts.Worker worker(ResultSet row) throws SQLException {
    return new StoreFacts.Worker(
        row.getLong(1),
        row.getString(2),
        Micros.instant(row.getLong(3)),
        row.getBoolean(4),
        row.getLong(5));
  }

  /** Measured against the middle of the second question: the first may have to warm up. */
  private static Duration clockAhead(Connection connection) throws SQLException {
    text(connection, NOW);
    long asked = System.nanoTime();
    long database = Long.parseLong(text(connection, NOW));
    long half = (System.nanoTime() - asked) / 2;
    long here = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    long then = here - TimeUnit.NANOSECONDS.toMicros(half);
    return Duration.of(then - database, java.time.temporal.ChronoUnit.MICROS);
  }

  /** Whether what another connection announces arrives on this one. */
  private static boolean hears(Connection connection, PostgresConnections connections)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + Wakeups.CHANNEL);
      try (Connection other = connections.open();
          Statement announcing = other.createStatement()) {
        announcing.execute(PostgresSession.NOTIFY);
      }
      boolean hears = Wakeups.arrives(connection, HEARD_WITHIN);
      statement.execute("UNLISTEN " + Wakeups.CHANNEL);
      return hears;
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
