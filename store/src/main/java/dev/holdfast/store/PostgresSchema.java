package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a store on PostgreSQL, in the schema {@code holdfast}, and the version they have.
 *
 * <p>A version only ever adds to the one before, so that processes of both versions work side by
 * side. Where that is not possible, it says in {@code meta} from which version on code may use it.
 */
final class PostgresSchema {
  /** The version that this code reads and writes. */
  static final int VERSION = 2;

  private static final int TRIES_MAX = 3;
  private static final String SCHEMA = "holdfast";
  private static final String FORBIDDEN = "42501";
  private static final String HAS_SCHEMA = "SELECT to_regnamespace('holdfast') IS NOT NULL";
  private static final String HISTORY = "schema_history";
  private static final String LOCATION = "classpath:dev/holdfast/store/postgres";
  private static final String NEWER = "*:future";
  // Another process may be about to make them: the second is made after the first.
  private static final String EXISTS =
      "SELECT to_regclass('holdfast.schema_history') IS NOT NULL"
          + " AND to_regclass('holdfast.meta') IS NOT NULL";
  private static final String VERSIONS =
      "SELECT (SELECT max(version::int) FROM holdfast.schema_history WHERE success),"
          + " (SELECT value FROM holdfast.meta WHERE name = 'readable_from')";

  private static final String SET_SEARCH_PATH = "SELECT set_config('search_path', ?, false)";

  /** What a database says of its tables; both 0 where there are none. */
  record Versions(int version, int readableFrom) {}

  private PostgresSchema() {}

  /**
   * Makes the tables, or brings those of an older version up to date.
   *
   * @return where the store is
   * @throws StoreFailed where they are too new, or cannot be made
   */
  static String prepare(PostgresConnections connections) {
    try {
      String location = connections.location();
      Versions found = versions(connections);
      for (int tries = 0; found.version() < VERSION && tries < TRIES_MAX; tries++) {
        found = migrated(connections, location, tries);
      }
      refuseNewer(found, location);
      return location;
    } catch (SQLException e) {
      throw PostgresErrors.failed("on PostgreSQL", e);
    }
  }

  /**
   * Checks that there is a store that this code can read.
   *
   * @return where it is
   */
  static String require(PostgresConnections connections) {
    try {
      String location = connections.location();
      Versions found = versions(connections);
      if (found.version() < VERSION) {
        throw new StoreFailed(
            found.version() == 0
                ? "There is no store in %s. Connect to it in the application first."
                    .formatted(location)
                : ("The store %s was made by an older Holdfast: schema version %d < %d needed"
                        + " here. Connect to it in the application first, which updates it.")
                    .formatted(location, found.version(), VERSION));
      }
      refuseNewer(found, location);
      return location;
    } catch (SQLException e) {
      throw PostgresErrors.failed("on PostgreSQL", e);
    }
  }

  /** What the database says of its tables. */
  static Versions versions(PostgresConnections connections) throws SQLException {
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      try (ResultSet exists = statement.executeQuery(EXISTS)) {
        exists.next();
        if (!exists.getBoolean(1)) {
          return new Versions(0, 0);
        }
      }
      try (ResultSet row = statement.executeQuery(VERSIONS)) {
        row.next();
        return new Versions(row.getInt(1), row.getInt(2));
      }
    }
  }

  private static void refuseNewer(Versions found, String location) {
    if (found.readableFrom() > VERSION) {
      throw new StoreFailed(
          ("The store %s was made by a newer Holdfast: its tables need schema version %d, known"
                  + " here is %d. Nothing was changed. Upgrade Holdfast.")
              .formatted(location, found.readableFrom(), VERSION));
    }
  }

  /** Another process may make the same tables at the same time, and be in the way of this one. */
  private static Versions migrated(PostgresConnections connections, String location, int tries)
      throws SQLException {
    try {
      makeSchema(connections);
      migrate(connections);
    } catch (FlywayException | SQLException e) {
      Throwable cause = sqlCause(e);
      boolean isForbidden =
          cause instanceof SQLException sql && FORBIDDEN.equals(sql.getSQLState());
      if (isForbidden || tries == TRIES_MAX - 1) {
        throw notMade(location, cause);
      }
    }
    return versions(connections);
  }

  /** Here, since the library tries for long what the user may not do. */
  private static void makeSchema(PostgresConnections connections) throws SQLException {
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(HAS_SCHEMA)) {
        row.next();
        if (row.getBoolean(1)) {
          return;
        }
      }
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
    }
  }

  private static void migrate(PostgresConnections connections) {
    Flyway.configure(PostgresSchema.class.getClassLoader())
        .dataSource(withoutSearchPath(connections.source()))
        .schemas(SCHEMA)
        .defaultSchema(SCHEMA)
        .createSchemas(false)
        .table(HISTORY)
        .locations(LOCATION)
        .ignoreMigrationPatterns(NEWER)
        .load()
        .migrate();
  }

  private static Throwable sqlCause(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof SQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static StoreFailed notMade(String location, Throwable cause) {
    return new StoreFailed(
        ("The tables of %s could not be made (%s). The user needs the right to create the schema"
                + " holdfast, or to change what is in it.")
            .formatted(location, PostgresErrors.describe(cause)),
        cause);
  }

  /**
   * The library sets the search path of a connection for good, which behind a pooler others would
   * have from then on; each migration sets its own instead.
   */
  private static DataSource withoutSearchPath(DataSource source) {
    return proxy(
        DataSource.class,
        source,
        (called, answer) ->
            answer instanceof Connection connection ? withoutSearchPath(connection) : answer);
  }

  private static Connection withoutSearchPath(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (called, answer) -> {
          boolean isToBeSet = called.equals(List.of(SET_SEARCH_PATH));
          if (isToBeSet && answer instanceof PreparedStatement setting) {
            setting.close();
            return connection.prepareStatement("SELECT ?::text");
          }
          return answer;
        });
  }

  @FunctionalInterface
  private interface Answers {
    @Nullable Object instead(List<?> called, @Nullable Object answer) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T target, Answers answers) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            Object answer = method.invoke(target, arguments);
            return answers.instead(
                arguments == null ? List.of() : Arrays.asList(arguments), answer);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(
            PostgresSchema.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
