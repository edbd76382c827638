package dev.holdfast.store;

import dev.holdfast.journal.spi.Journal;
import dev.holdfast.testing.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The whole contract through a pooler in transaction mode. */
@EnabledIfSystemProperty(named = "holdfast.campaigns", matches = "true")
class PooledJournalTest extends JournalContract {
  private final String name = TestServer.database();
  private TransactionPooler pooler;

  @BeforeEach
  void openPooler() throws Exception {
    pooler();
  }

  private synchronized TransactionPooler pooler() throws Exception {
    if (pooler == null) {
      pooler = new TransactionPooler(TestServer.server().getPort(), name, 3);
    }
    return pooler;
  }

  @AfterEach
  void closePooler() {
    closeLater.forEach(com.zaxxer.hikari.HikariDataSource::close);
    pooler.close();
  }

  private final java.util.List<com.zaxxer.hikari.HikariDataSource> closeLater =
      new java.util.ArrayList<>();

  @Override
  protected Journal open() throws Exception {
    var pool = TestWorker.pool(pooler().url());
    closeLater.add(pool);
    return PostgresJournal.open(
        PostgresConnections.over(pool, Durability.EPHEMERAL),
        "test",
        Duration.ofSeconds(15),
        Optional.of(InstantSource.system()),
        Optional.empty());
  }
}
