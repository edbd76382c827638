package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is stopped at once under load and started again: its workers go on by themselves.
 */
class ServerCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int STEPS = 20;
  private static final int CRASHES = 2;

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<Handle<Integer>> acknowledged = new ConcurrentLinkedQueue<>();
  private volatile boolean isOver;

  @Test
  void nothingAcknowledgedIsLostAndNothingHappensTwice() throws Exception {
    var deeds = new Deeds(folder.resolve("deeds"));
    Workflow<String, Integer> workflow =
        TestWorker.keyedErrand(deeds, STEPS, Duration.ofMillis(5), "");
    try (var server = new CrashableServer(folder.resolve("data"))) {
      var workers = new ArrayList<TestWorker>();
      for (String name : List.of("a", "b")) {
        workers.add(TestWorker.open(server.url(), LEASE, settings(name)));
        workers.getLast().engine().register(workflow);
      }
      Thread load = Thread.ofPlatform().start(() -> startRuns(workers, workflow));
      for (int crash = 0; crash < CRASHES; crash++) {
        int before = deeds.all().size();
        Awaitility.await().atMost(DEADLINE).until(() -> deeds.all().size() > before + 200);
        server.stopAtOnce();
        server.startAgain();
      }
      isOver = true;
      load.join();
      assertThat(acknowledged).hasSizeGreaterThan(10);
      acknowledged.forEach(handle -> assertThat(ended(handle)).isEqualTo(STEPS));
      String url = server.url();
      Awaitility.await()
          .atMost(DEADLINE)
          .untilAsserted(() -> PostgresLaws.everyRunIsCompleted(url));
      workers.forEach(TestWorker::close);
      PostgresLaws.hold(url);
      long runs = PostgresLaws.rows(url, "SELECT id FROM holdfast.run").size();
      assertThat(deeds.all().stream().distinct()).hasSize((int) runs * STEPS);
    }
  }

  private static Settings settings(String name) {
    return Settings.standard().worker(name).limits(Limits.DEFAULT.poisonAfter(0));
  }

  private void startRuns(List<TestWorker> workers, Workflow<String, Integer> workflow) {
    for (int i = 0; !isOver; i++) {
      String id = "errand-" + i;
      try {
        acknowledged.add(workers.get(i % 2).engine().start(workflow, id, id));
        Thread.sleep(10);
      } catch (StoreFailed away) {
        assertThat(away).hasMessageContaining("Try again later");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int ended(Handle<Integer> handle) {
    Awaitility.await()
        .atMost(DEADLINE)
        .ignoreExceptionsInstanceOf(StoreFailed.Unavailable.class)
        .until(() -> handle.outcome().isEnded());
    return handle.run(DEADLINE);
  }
}
