package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a look may find something new. */
class WakeupsTest {
  private final String url = TestServer.url(TestServer.database());
  private final HikariDataSource pool = TestWorker.pool(url);
  private final Wakeups wakeups = new Wakeups(PostgresConnections.over(pool, Durability.EPHEMERAL));

  @AfterEach
  void close() {
    wakeups.close();
    pool.close();
  }

  /** However slow this machine is, a thousand looks in a row are not all due. */
  private boolean isAlwaysDue() {
    return IntStream.range(0, 1_000).allMatch(look -> wakeups.isDue());
  }

  @Test
  void theFirstLookIsDueAndThenNoneAtOnce() {
    assertThat(wakeups.isDue()).isTrue();
    assertThat(isAlwaysDue()).isFalse();
  }

  @Test
  void whoIsWokenLooksOnce() {
    wakeups.isDue();
    wakeups.wake();
    wakeups.wake();
    assertThat(wakeups.isDue()).isTrue();
    assertThat(isAlwaysDue()).isFalse();
  }

  @Test
  void timeTellsWhereNothingElseDoes() {
    wakeups.isDue();
    Awaitility.await().pollInterval(Duration.ofMillis(5)).until(wakeups::isDue);
    assertThat(isAlwaysDue()).isFalse();
  }

  @Test
  void anAnnouncementOfAnotherProcessIsHeard() throws SQLException {
    wakeups.start();
    Awaitility.await().until(wakeups::hears);
    PostgresLaws.execute(url, PostgresSession.NOTIFY);
    Awaitility.await().until(wakeups::isDue);
    assertThat(wakeups.hears()).isTrue();
  }

  @Test
  void itListensAgainOnceItWasCutOff() throws SQLException {
    wakeups.start();
    Awaitility.await().until(wakeups::hears);
    PostgresLaws.execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            + " AND datname = current_database()");
    Awaitility.await().until(() -> !wakeups.hears());
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(wakeups::hears);
  }

  @Test
  void oneThatIsClosedHearsNothing() {
    wakeups.start();
    Awaitility.await().until(wakeups::hears);
    wakeups.close();
    assertThat(wakeups.hears()).isFalse();
  }
}
