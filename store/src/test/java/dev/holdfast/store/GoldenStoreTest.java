package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store and an export as an earlier version left them open and go on.
 *
 * <p>To keep those of this version: {@code mvn test -Dtest=GoldenStoreTest -Dgolden=FOLDER} makes
 * them in that folder; add them to the test resources, and their versions below, when it is
 * released. What was kept before is never made again.
 */
class GoldenStoreTest {
  /** Versions of tables. */
  private static final List<Integer> STORES = List.of(3);

  /** Formats of exports. */
  private static final List<Integer> EXPORTS = List.of(1);

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final RunId ENDED = new RunId("ended");
  private static final RunId WAITING = new RunId("waiting");

  private final Workflow<String, String> workflow =
      Workflow.of("golden", String.class, String.class)
          .version("1")
          .body((run, input) -> {
            String told =
                run.effect(
                    "tell", input, Effect.keyed(String.class, (key, asked) -> "told " + input));
            return input.equals("ended")
                ? told
                : told + run.awaitSignal("go", String.class, Duration.ofDays(365)).orElse("");
          });

  @TempDir Path folder;

  @Test
  void aKeptStoreOpensAndItsRunsGoOn() throws IOException {
    for (int version : STORES) {
      Path store = copied("golden-%d.db".formatted(version), "golden-%d.db".formatted(version));
      Files.createFile(folder.resolve("golden-%d.db.lock".formatted(version)));
      try (var holdfast = Holdfast.open(store)) {
        holdfast.register(workflow);
        assertThat(holdfast.find("ended", String.class).await(SOON))
            .isEqualTo(new Outcome.Completed<>("told ended"));
        holdfast.signal("waiting", "go", "m1", " and went", "anna");
        Outcome<String> outcome = holdfast.find("waiting", String.class).await(SOON);
        assertThat(outcome).isEqualTo(new Outcome.Completed<>("told x and went"));
      }
    }
  }

  @Test
  void aKeptExportIsImported() throws IOException {
    for (int version : EXPORTS) {
      Path file = copied("golden-%d.jsonl".formatted(version), "export.jsonl");
      Path store = folder.resolve("store-%d.db".formatted(version));
      Holdfast.open(store).close();
      try (Retention retention = Holdfast.retention(store)) {
        assertThat(retention.importRuns(file).runs()).containsExactly("ended");
      }
      try (JournalReader reader = Holdfast.reader(store);
          BufferedReader in = Files.newBufferedReader(file)) {
        assertThat(reader.entries(ENDED, 0, 100)).isEqualTo(RunFile.read(in).entries());
        assertThat(reader.find(ENDED).orElseThrow().status()).isEqualTo(Status.COMPLETED);
        assertThat(reader.last(ENDED))
            .map(Recorded::entry)
            .containsInstanceOf(Entry.RunCompleted.class);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "golden", matches = ".+")
  void make() throws IOException {
    Path target = Path.of(System.getProperty("golden"));
    Path store = target.resolve("golden-%d.db".formatted(Schema.VERSION));
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      holdfast.start(workflow, "ended", "ended").run(SOON);
      var waiting = holdfast.start(workflow, "waiting", "x");
      assertThat(waiting.await(Duration.ofSeconds(2))).isInstanceOf(Outcome.Waiting.class);
    }
    try (JournalReader reader = Holdfast.reader(store);
        var out =
            Files.newBufferedWriter(target.resolve("golden-%d.jsonl".formatted(RunFile.FORMAT)))) {
      new RunFile(reader.find(ENDED).orElseThrow(), reader.entries(ENDED, 0, 100)).write(out);
      assertThat(reader.find(WAITING)).isPresent();
    }
  }

  private Path copied(String name, String as) throws IOException {
    Path copy = folder.resolve(as);
    try (InputStream kept = GoldenStoreTest.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(kept, name), copy);
    }
    return copy;
  }
}
