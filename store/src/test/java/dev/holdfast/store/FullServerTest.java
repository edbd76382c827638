package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL server whose disk is full (SQLSTATE 53100), as far as entries are concerned. */
class FullServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch full = new CountDownLatch(1);

  private final Workflow<String, Integer> workflow =
      Workflow.of("fill", String.class, Integer.class)
          .body((run, text) -> {
            for (int i = 0; i < 3; i++) {
              run.effect("keep", text, Effect.keyed(Integer.class, (key, in) -> keep()));
            }
            return 3;
          });

  private int keep() throws InterruptedException {
    full.await();
    return calls.incrementAndGet();
  }

  private static void execute(TestStore store, String sql) throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void runsWaitForRoomAndGoOnByThemselves() throws SQLException {
    try (TestStore store = TestStore.Kind.POSTGRES.made(folder);
        Holdfast holdfast = store.open()) {
      holdfast.register(workflow);
      Handle<Integer> handle = holdfast.start(workflow, "r", "text");
      execute(
          store,
          "CREATE FUNCTION holdfast.fill() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN RAISE EXCEPTION ''could not extend file'' USING"
              + " ERRCODE = ''53100''; END'");
      execute(
          store,
          "CREATE TRIGGER fill BEFORE INSERT ON holdfast.entry EXECUTE FUNCTION holdfast.fill()");
      try {
        full.countDown();
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> holdfast.engine().activity().paused().isPresent());
        assertThat(holdfast.engine().activity().paused().orElseThrow())
            .contains("the server's disk is full. Free some space", "53100");
        try (JournalReader reader = store.reader()) {
          assertThat(reader.runs(Set.of(Status.EXECUTING), 0, 10)).hasSize(1);
        }
      } finally {
        execute(store, "DROP FUNCTION holdfast.fill() CASCADE");
      }
      assertThat(handle.await(PATIENCE)).isEqualTo(new Outcome.Completed<>(3));
      assertThat(holdfast.engine().activity().paused()).isEmpty();
      assertThat(calls).hasValue(3);
    }
  }
}
