package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers that share three connections, another one for each transaction. */
class PoolerTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final int CONNECTIONS = 3;

  @TempDir Path folder;
  private final String name = TestServer.emptyDatabase();
  private TransactionPooler pooler;

  @BeforeEach
  void open() throws Exception {
    pooler = new TransactionPooler(TestServer.server().getPort(), name, CONNECTIONS);
  }

  @AfterEach
  void close() {
    pooler.close();
  }

  private Workflow<String, String> visit(Deeds deeds) {
    Effect<String, String> deed =
        Effect.once(
            String.class,
            (key, what) -> {
              deeds.add(what);
              return what;
            });
    return Workflow.of("visit", String.class, String.class)
        .body((run, id) -> {
          run.effect("greet", id + " greeted", deed);
          run.sleep("pause", Duration.ofMillis(1));
          String word = run.awaitSignal("go", String.class, DEADLINE).orElse("none");
          run.effect("thank", id + " thanked", deed);
          return word;
        });
  }

  @Test
  void tablesAreMadeRunsEndAndNothingIsLeftOnAConnection() throws Exception {
    var deeds = new Deeds(folder.resolve("deeds"));
    Workflow<String, String> workflow = visit(deeds);
    try (TestWorker one = TestWorker.open(pooler.url(), LEASE, Settings.standard());
        TestWorker other = TestWorker.open(pooler.url(), LEASE, Settings.standard())) {
      List.of(one, other).forEach(worker -> worker.engine().register(workflow));
      one.engine().register(Queue.of("visits").concurrencyMax(3));
      var handles = new ArrayList<Handle<String>>();
      for (int i = 0; i < 60; i++) {
        Admission admission =
            i % 3 == 0 ? Admission.throughQueue("visits").session("s" + i % 2) : Admission.AT_ONCE;
        handles.add(one.engine().start(workflow, "v" + i, "v" + i, admission));
        other.engine().client().signal("v" + i, "go", "1", "now", "sender");
      }
      handles.forEach(handle -> assertThat(handle.run(DEADLINE)).isEqualTo("now"));
    }

    assertThat(deeds.all()).doesNotHaveDuplicates().hasSize(120);
    PostgresLaws.hold(TestServer.url(name));
    assertThat(pooler.switches()).as("changes of connection").isGreaterThan(100);
    for (String left :
        List.of(
            "SELECT count(*) FROM pg_listening_channels()",
            "SELECT count(*) FROM pg_prepared_statements",
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
            "SELECT current_setting('idle_in_transaction_session_timeout')")) {
      assertThat(pooler.askEach(left)).as(left).hasSize(CONNECTIONS).containsOnly("0");
    }
    assertThat(pooler.askEach("SELECT current_setting('search_path')"))
        .containsOnly("\"$user\", public");
  }

  @Test
  void announcementsAreKnownNotToArriveAndTimeTellsInstead() throws Exception {
    try (var pool = TestWorker.pool(pooler.url());
        var direct = TestWorker.pool(TestServer.url(name));
        var deaf = new Wakeups(PostgresConnections.over(pool, Durability.EPHEMERAL));
        var hearing = new Wakeups(PostgresConnections.over(direct, Durability.EPHEMERAL))) {
      deaf.start();
      hearing.start();
      org.awaitility.Awaitility.await().until(hearing::hears);
      PostgresLaws.execute(TestServer.url(name), PostgresSession.NOTIFY);
      org.awaitility.Awaitility.await().until(deaf::isDue);
      assertThat(deaf.hears()).isFalse();
      org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(2)).until(deaf::isDue);
    }
    assertThat(pooler.askEach("SELECT count(*) FROM pg_listening_channels()")).containsOnly("0");
  }
}
