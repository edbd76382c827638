package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Replays the recorded calls of a real model against fresh worlds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordedRetailRunsTest {
  private RetailBase base;
  private List<RecordedRun> runs;

  @BeforeAll
  void load() {
    Path data = SharedData.folder("tau-bench");
    base = RetailBase.load(data);
    runs = RecordedRuns.read(data);
  }

  @Test
  void everyResultAndEveryFinalStateIsAsRecorded(@TempDir Path directory) {
    List<String> differences = new ArrayList<>();
    int executed = 0;
    int skipped = 0;
    long started = System.nanoTime();
    try (RetailDatabase database =
        RetailDatabase.open(directory.resolve("w.db"), Clock.systemUTC())) {
      for (RecordedRun run : runs) {
        RetailWorld world = new RetailWorld(base, database, run.id());
        for (RecordedRun.Exchange exchange : run.exchanges()) {
          if (exchange.call().injected()) {
            skipped++;
          } else {
            executed++;
            compare(run, world, exchange, differences);
          }
        }
        compareEnd(run, world, differences);
      }
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - started);
    System.out.printf(
        "%d runs, %d calls executed, %d skipped, %d ms%n",
        runs.size(), executed, skipped, taken.toMillis());
    assertThat(differences).isEmpty();
    assertThat(runs).hasSize(152);
    assertThat(executed).isEqualTo(1_199);
    assertThat(skipped).isEqualTo(77);
  }

  private static void compare(
      RecordedRun run, RetailWorld world, RecordedRun.Exchange exchange, List<String> differences) {
    String recorded = exchange.result().orElseThrow();
    String actual = world.execute(exchange.call().toExecute());
    if (!ResultText.same(recorded, actual)) {
      differences.add(run.id() + " " + exchange + " but was " + actual);
    }
  }

  private static void compareEnd(RecordedRun run, RetailWorld world, List<String> differences) {
    if (!run.stateHash().equals(world.stateHash())) {
      differences.add(run.id() + " ended in " + world.changedRecords());
    }
    List<RecordedRun.Effect> effects =
        world.ledger().stream()
            .filter(RetailLedger.Row::changed)
            .map(row -> new RecordedRun.Effect(row.call().id(), row.call().tool()))
            .toList();
    if (!run.effects().equals(effects)) {
      differences.add(run.id() + " had the effects " + effects);
    }
  }
}
