package dev.holdfast.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The PostgreSQL server that all systems share, each in databases of its own; for one thread. */
final class PeerServer implements AutoCloseable {
  /** Production's durability, which a server for tests does not have by itself. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_connections", "500",
          "shared_buffers", "1GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "30min");

  private static final List<String> TOLD =
      List.of(
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_sync_method",
          "shared_buffers",
          "max_wal_size");

  private final Optional<EmbeddedPostgres> embedded;
  private final String url;
  private final List<String> created = new ArrayList<>();

  private PeerServer(Optional<EmbeddedPostgres> embedded, String url) {
    this.embedded = embedded;
    this.url = url;
  }

  /** Starts a server of our own whose data is in that folder. */
  static PeerServer embedded(Path folder) throws IOException, SQLException {
    var builder = EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(true);
    SETTINGS.forEach(builder::setServerConfig);
    EmbeddedPostgres server = builder.start();
    var started = new PeerServer(Optional.of(server), server.getJdbcUrl("postgres", "postgres"));
    try {
      started.requireDurable();
    } catch (RuntimeException | SQLException unfit) {
      started.close();
      throw unfit;
    }
    return started;
  }

  /** Uses the server of that JDBC URL, whose user may create databases. */
  static PeerServer at(String url) throws SQLException {
    var server = new PeerServer(Optional.empty(), url);
    server.requireDurable();
    return server;
  }

  /** A server that may lose what it confirmed is no place to compare in. */
  private void requireDurable() throws SQLException {
    for (String setting : List.of("fsync", "synchronous_commit")) {
      String value = ask(url, "SHOW " + setting);
      if (value.equals("off")) {
        throw new IllegalArgumentException(
            "The server has %s=off: its commits do not survive a loss of power. Switch it on."
                .formatted(setting));
      }
    }
  }

  /** The server's version and what its durability depends on. */
  String facts() throws SQLException {
    List<String> facts = new ArrayList<>();
    for (String setting : TOLD) {
      facts.add(setting + "=" + ask(url, "SHOW " + setting));
    }
    return String.join(", ", facts);
  }

  /** Makes a database and returns its JDBC URL. */
  String create(String database) throws SQLException {
    execute(url, "CREATE DATABASE " + database);
    created.add(database);
    int query = url.indexOf('?');
    String before = query < 0 ? url : url.substring(0, query);
    String after = query < 0 ? "" : url.substring(query);
    return before.substring(0, before.lastIndexOf('/') + 1) + database + after;
  }

  /** Bytes of the database with its indexes, after what is dead was removed and all is written. */
  static long bytes(String databaseUrl) throws SQLException {
    execute(databaseUrl, "VACUUM");
    execute(databaseUrl, "CHECKPOINT");
    return Long.parseLong(ask(databaseUrl, "SELECT pg_database_size(current_database())"));
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }

  /** Removes the databases that it made, or the whole server where that is its own. */
  @Override
  public void close() throws IOException, SQLException {
    if (embedded.isPresent()) {
      embedded.get().close();
    } else {
      for (String database : created) {
        execute(url, "DROP DATABASE IF EXISTS " + database);
      }
    }
  }
}
