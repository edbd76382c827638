package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.json.RunFile;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores and exports as each version left them open and go on.
 *
 * <p>To keep those of this version: {@code mvn test -Dtest=GoldenStoreTest -Dgolden=FOLDER} makes
 * them in that folder, of {@link GoldenRuns}; add them to the test resources, and their versions
 * below. What was kept before is never made again.
 */
class GoldenStoreTest {
  private static final String KEY = "golden";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final RunId ENDED = new RunId("ended");

  /** What the store of version 3 and the export of format 1 were made with. */
  private final Workflow<String, String> first =
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

  private final GoldenRuns runs = new GoldenRuns();
  @TempDir Path folder;

  @Test
  void aStoreOfVersion3OpensAndItsRunsGoOn() throws IOException {
    Path store = store("golden-3.db");
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(first);
      assertThat(holdfast.find("ended", String.class).await(SOON))
          .isEqualTo(new Outcome.Completed<>("told ended"));
      holdfast.signal("waiting", "go", "m1", " and went", "anna");
      Outcome<String> outcome = holdfast.find("waiting", String.class).await(SOON);
      assertThat(outcome).isEqualTo(new Outcome.Completed<>("told x and went"));
    }
  }

  /** Of version 4 on, each is made of everything that a store keeps. */
  @ParameterizedTest
  @ValueSource(ints = 4)
  void aStoreOpensWithAllThatItsExportTellsAndItsRunsGoOn(int version) throws IOException {
    TestStore store = TestStore.inFile(store("golden-%d.db".formatted(version)), Optional.empty());
    Map<String, RunFile> told = read("golden-%d.jsonl".formatted(RunFile.FORMAT));
    assertThat(told.keySet()).isEqualTo(GoldenRuns.LEFT.keySet());
    try (Retention retention = store.retention()) {
      told.forEach((id, file) -> assertThat(retention.export(id)).contains(file));
      told.forEach(
          (id, file) -> assertThat(file.run().status()).as(id).isEqualTo(GoldenRuns.LEFT.get(id)));
    }
    runs.finish(store);
  }

  @ParameterizedTest
  @ValueSource(ints = 4)
  void anEncryptedStoreOpensAndItsRunsGoOn(int version) throws IOException {
    Path file = store("golden-%d-encrypted.db".formatted(version));
    TestStore store = TestStore.inFile(file, Optional.of(new TestKeys(KEY)));
    try (JournalReader reader = store.reader()) {
      GoldenRuns.LEFT.forEach((id, status) ->
          assertThat(reader.find(new RunId(id)).map(RunState::status)).as(id).contains(status));
    }
    runs.finish(store);
    try (Retention retention = store.retention()) {
      assertThat(retention.eraseSubject(GoldenRuns.SUBJECT, "anna", "asked for it")).isEqualTo(5);
    }
  }

  @Test
  void anExportOfFormat1IsImported() throws IOException {
    Path file = copied("golden-1.jsonl");
    Path store = folder.resolve("store.db");
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

  @Test
  void eachVersionIsKept() {
    String store = "golden-%d.db".formatted(Schema.VERSION);
    String export = "golden-%d.jsonl".formatted(RunFile.FORMAT);
    assertThat(GoldenStoreTest.class.getResource(store)).as(store).isNotNull();
    assertThat(GoldenStoreTest.class.getResource(export)).as(export).isNotNull();
    assertThat(JsonCodec.ENTRY_FORMAT).as("keep a store of the new format, too").isEqualTo(1);
  }

  @Test
  @EnabledIfSystemProperty(named = "golden", matches = ".+")
  void make() throws IOException {
    Path target = Path.of(System.getProperty("golden"));
    String name = "golden-%d".formatted(Schema.VERSION);
    runs.make(
        TestStore.inFile(target.resolve(name + "-encrypted.db"), Optional.of(new TestKeys(KEY))));
    TestStore store = TestStore.inFile(target.resolve(name + ".db"), Optional.empty());
    runs.make(store);
    try (Retention retention = store.retention();
        var out =
            Files.newBufferedWriter(target.resolve("golden-%d.jsonl".formatted(RunFile.FORMAT)))) {
      for (String id : GoldenRuns.LEFT.keySet()) {
        retention.export(id).orElseThrow().write(out);
      }
    }
  }

  private static Map<String, RunFile> read(String name) throws IOException {
    var files = new TreeMap<String, RunFile>();
    try (var in = new BufferedReader(new InputStreamReader(stream(name), UTF_8))) {
      while (files.size() < GoldenRuns.LEFT.size()) {
        RunFile file = RunFile.read(in);
        files.put(file.run().id().text(), file);
      }
    }
    return files;
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(GoldenStoreTest.class.getResourceAsStream(name), name);
  }

  private Path store(String name) throws IOException {
    Files.createFile(folder.resolve(name + ".lock"));
    return copied(name);
  }

  private Path copied(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream kept = stream(name)) {
      Files.copy(kept, copy);
    }
    return copy;
  }
}
