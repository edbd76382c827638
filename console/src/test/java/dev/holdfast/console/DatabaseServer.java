package dev.holdfast.console;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server, started once for all tests of a JVM, with databases of their own. */
final class DatabaseServer {
  /** A user who must give a password. */
  static final String GUARDED_USER = "guarded";

  static final String PASSWORD = "open sesame & co";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private DatabaseServer() {}

  private static final class Started {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setDataDirectoryCustomizer(Started::askForPassword)
                .start();
        execute(
            server,
            "CREATE ROLE %s LOGIN SUPERUSER PASSWORD '%s'".formatted(GUARDED_USER, PASSWORD));
        return server;
      } catch (IOException e) {
        throw new AssertionError("The server did not start.", e);
      }
    }

    private static void askForPassword(File directory) {
      Path rules = directory.toPath().resolve("pg_hba.conf");
      try {
        String asked = "host all %s samehost scram-sha-256%n".formatted(GUARDED_USER);
        Files.writeString(rules, asked + Files.readString(rules));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The URL of a new database without tables, of a user who needs no password. */
  static String newUrl() {
    String name = "test_" + DATABASES.incrementAndGet();
    execute(Started.SERVER, "CREATE DATABASE " + name);
    return Started.SERVER.getJdbcUrl("postgres", name);
  }

  /** The same without user and settings. */
  static String withoutUser(String url) {
    return url.replaceAll("\\?.*", "");
  }

  /** Changes what is in a database. */
  static void change(String url, String sql) throws SQLException {
    try (Connection connection = java.sql.DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void execute(EmbeddedPostgres server, String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
