package dev.holdfast.store;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A new database with the tables of a store for one test, whose pools are closed at its end. */
final class TestDatabase implements AfterEachCallback {
  static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  static final Duration OUTAGE_MAX = Duration.ofSeconds(10);
  private static final int CONNECTIONS = 8;

  private final String name;
  private final List<HikariDataSource> pools = new ArrayList<>();

  TestDatabase() {
    this(TestServer.database());
  }

  private TestDatabase(String name) {
    this.name = name;
  }

  /** One that has no tables yet. */
  static TestDatabase withoutTables() {
    return new TestDatabase(TestServer.emptyDatabase());
  }

  String url() {
    return TestServer.url(name);
  }

  /** A pool of its own for each process that is played. */
  HikariDataSource pool() {
    HikariDataSource pool = TestServer.pool(name, CONNECTIONS);
    pools.add(pool);
    return pool;
  }

  PostgresConnections connections() {
    return new PostgresConnections(pool(), Durability.EPHEMERAL, ANSWER_MAX, OUTAGE_MAX);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    pools.forEach(HikariDataSource::close);
  }
}
