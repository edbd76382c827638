package dev.holdfast.store;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, started once for all tests of a JVM, with databases of their own. */
final class TestServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final String TEMPLATE = "holdfast_template";

  private TestServer() {}

  private static final class Started {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "off")
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
        return server;
      } catch (IOException e) {
        throw new AssertionError("The server did not start.", e);
      }
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new AssertionError("The server did not stop.", e);
      }
    }
  }

  private static final class Template {
    static final String NAME = made();

    private static String made() {
      execute("CREATE DATABASE " + TEMPLATE);
      try (HikariDataSource pool = pool(TEMPLATE, 2)) {
        PostgresSchema.prepare(PostgresConnections.over(pool, Durability.EPHEMERAL));
      }
      return TEMPLATE;
    }
  }

  /** The name of a new database without tables. */
  static String emptyDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return name;
  }

  /** The name of a new database with the tables of a store. */
  static String database() {
    String name = "test_" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + Template.NAME);
    return name;
  }

  /** A pool of connections to a database. */
  static HikariDataSource pool(String database, int connectionsMax) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url(database));
    pool.setMaximumPoolSize(connectionsMax);
    pool.setMinimumIdle(1);
    return pool;
  }

  /** Where a database is, with its user. */
  static String url(String database) {
    return Started.SERVER.getJdbcUrl("postgres", database);
  }

  static EmbeddedPostgres server() {
    return Started.SERVER;
  }

  private static void execute(String sql) {
    try (Connection connection = Started.SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
