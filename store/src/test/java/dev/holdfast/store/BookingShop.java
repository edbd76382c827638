package dev.holdfast.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** A user's own tables in a PostgreSQL database. */
final class BookingShop {
  private BookingShop() {}

  static void make(DataSource source) throws SQLException {
    execute(
        source,
        """
        CREATE TABLE booking (number BIGINT GENERATED ALWAYS AS IDENTITY, item TEXT NOT NULL);
        CREATE TABLE customer (name TEXT PRIMARY KEY, visits INT NOT NULL);
        INSERT INTO customer VALUES ('anna', 0), ('bob', 0)
        """);
  }

  static long book(Connection connection, String item) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO booking (item) VALUES (?) RETURNING number")) {
      insert.setString(1, item);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection()) {
      execute(connection, sql);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long bookings(DataSource source) throws SQLException {
    return UserDatabase.first(source, "SELECT count(*) FROM booking");
  }

  /** Ends the sessions of that database whose last words begin so, as a crash would. */
  static long cut(DataSource source, String words) throws SQLException {
    return UserDatabase.first(
        source,
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND starts_with(query, '%s')
        """
            .formatted(words));
  }

  /** The same source, whose first commit is made but never answered. */
  static DataSource losingFirstAnswer(DataSource source) {
    return losing(DataSource.class, source, new AtomicBoolean());
  }

  private static <T> T losing(Class<T> type, T target, AtomicBoolean isLost) {
    return type.cast(
        Proxy.newProxyInstance(
            BookingShop.class.getClassLoader(),
            new Class<?>[] {type},
            (self, called, arguments) -> {
              Object result;
              try {
                result = called.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (called.getName().equals("commit") && isLost.compareAndSet(false, true)) {
                throw new SQLException("connection reset", "08006");
              }
              return result instanceof Connection connection
                  ? losing(Connection.class, connection, isLost)
                  : result;
            }));
  }

  /** How many sessions of that database wait for a lock of another. */
  static long waiting(DataSource source) throws SQLException {
    return UserDatabase.first(
        source,
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
        """);
  }
}
