package dev.holdfast.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A database of a user's own, and ways to break it. */
final class UserDatabase {
  private UserDatabase() {}

  static DataSource source(Path path, Duration busyTimeout) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout((int) busyTimeout.toMillis());
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }

  /** The same source, where every call of that method on it or its connections fails. */
  static DataSource failing(DataSource source, String method, SQLException failure) {
    return proxy(DataSource.class, source, method, failure);
  }

  /** The same source, which has no more than that many connections to give. */
  static DataSource lending(DataSource source, int connectionsMax) {
    var lent = new AtomicInteger();
    return (DataSource)
        Proxy.newProxyInstance(
            UserDatabase.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, called, arguments) -> {
              if (lent.incrementAndGet() > connectionsMax) {
                throw new SQLException("too many connections", "53300");
              }
              return called.invoke(source, arguments);
            });
  }

  static long insert(Connection connection, String item) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO booking (item) VALUES (?) RETURNING number")) {
      insert.setString(1, item);
      try (ResultSet row = insert.executeQuery()) {
        return row.getLong(1);
      }
    }
  }

  static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  static long count(DataSource source, String table) throws SQLException {
    return first(source, "SELECT count(*) FROM " + table);
  }

  /** The one number that this asks for. */
  static long first(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static <T> T proxy(Class<T> type, T target, String method, SQLException failure) {
    return type.cast(
        Proxy.newProxyInstance(
            UserDatabase.class.getClassLoader(),
            new Class<?>[] {type},
            (self, called, arguments) -> {
              if (called.getName().equals(method)) {
                throw failure;
              }
              try {
                Object result = called.invoke(target, arguments);
                return result instanceof Connection connection
                    ? proxy(Connection.class, connection, method, failure)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
