package dev.holdfast.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store in a PostgreSQL database, with the pool of connections to it. */
final class ServerAddress implements StoreAddress {
  private static final int CONNECTIONS_MAX = 10;
  private static final long CONNECT_MILLIS_MAX = 10_000;

  private final ServerUrl url;
  private final Optional<Encryption> keys;
  private @Nullable HikariDataSource pool;

  private ServerAddress(ServerUrl url, Optional<Encryption> keys) {
    this.url = url;
    this.keys = keys;
  }

  static boolean isUrl(String text) {
    return ServerUrl.isUrl(text);
  }

  static ServerAddress parse(
      String text, Map<String, String> environment, Optional<Encryption> keys) {
    return new ServerAddress(ServerUrl.parse(text.strip(), environment), keys);
  }

  @Override
  public Holdfast open(Options options) {
    return Holdfast.connect(pool(), keys.map(options::encryption).orElse(options));
  }

  @Override
  public Client client() {
    return Holdfast.client(pool(), keys);
  }

  @Override
  public JournalReader reader() {
    return Holdfast.reader(pool(), keys);
  }

  @Override
  public Retention retention() {
    return Retention.of(connections(), keys);
  }

  @Override
  public boolean isExecuted() {
    return PostgresFacts.isExecuted(connections());
  }

  @Override
  public StoreFacts facts() {
    return PostgresFacts.of(connections());
  }

  private PostgresConnections connections() {
    return PostgresConnections.over(pool(), Durability.POWER_LOSS);
  }

  @Override
  public StoreFacts.Check check() {
    try (JournalReader reader = reader()) {
      return StoreCheck.of(reader);
    }
  }

  @Override
  public Optional<Path> file() {
    return Optional.empty();
  }

  private synchronized HikariDataSource pool() {
    HikariDataSource open = pool;
    if (open == null) {
      tryOut();
      open = new HikariDataSource(settings());
      pool = open;
    }
    return open;
  }

  /** A pool would try again and again, and then tell less. */
  private void tryOut() {
    try {
      DriverManager.getConnection(url.shown(), url.properties()).close();
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  private StoreFailed refusal(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String facts = PostgresErrors.describe(failure);
    if (state.startsWith("28") || state.equals("08004")) {
      return new StoreFailed(
          ("The server does not let %s into %s (%s). Set PGUSER and PGPASSWORD, or write the"
                  + " password into ~/.pgpass.")
              .formatted(url.user().map("the user %s"::formatted).orElse("you"), url, facts),
          failure);
    }
    if (state.equals("3D000")) {
      return new StoreFailed(
          "There is no such database: %s (%s). Create it first: createdb DATABASE"
              .formatted(url, facts),
          failure);
    }
    return PostgresErrors.meaning(failure) == PostgresErrors.Meaning.AWAY
        ? new StoreFailed.Unavailable(
            "The server of %s cannot be reached (%s). Check host and port, and that it runs."
                .formatted(url, facts),
            failure)
        : new StoreFailed(
            "The database %s cannot be opened (%s). Check the URL's settings."
                .formatted(url, facts),
            failure);
  }

  private HikariConfig settings() {
    var settings = new HikariConfig();
    settings.setPoolName("holdfast");
    settings.setJdbcUrl(url.shown());
    settings.setDataSourceProperties(url.properties());
    settings.addDataSourceProperty("tcpKeepAlive", "true");
    settings.setMaximumPoolSize(CONNECTIONS_MAX);
    settings.setMinimumIdle(1);
    settings.setConnectionTimeout(CONNECT_MILLIS_MAX);
    settings.setInitializationFailTimeout(-1);
    return settings;
  }

  @Override
  public synchronized void close() {
    HikariDataSource open = pool;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public String toString() {
    return url.shown();
  }
}
