package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store knows of its runs is known in the store that they are imported into. */
class ImportTest extends OnEveryStore {
  private final GoldenRuns runs = new GoldenRuns();

  private static Map<String, RunFile> exported(TestStore store) {
    var files = new TreeMap<String, RunFile>();
    GoldenRuns.LEFT.keySet().forEach(id -> files.put(id, export(store, id)));
    return files;
  }

  private static RunFile export(TestStore store, String id) {
    try (Retention retention = store.retention()) {
      return retention.export(id).orElseThrow(() -> new AssertionError("There is no run " + id));
    }
  }

  private Path written(Map<String, RunFile> files) throws IOException {
    Path file = folder.resolve("runs.jsonl");
    try (var out = Files.newBufferedWriter(file)) {
      for (RunFile run : files.values()) {
        run.write(out);
      }
    }
    return file;
  }

  private static void assertKept(RunFile before, RunFile after) {
    assertThat(after).isEqualTo(asImported(before, after));
  }

  /** What an import may change: where an unfinished run stands, and the entry that says so. */
  private static RunFile asImported(RunFile before, RunFile after) {
    if (before.run().status().isEnded()) {
      return before;
    }
    Recorded held = after.entries().getLast();
    assertThat(held.entry()).isInstanceOf(Entry.RunQuarantined.class);
    var entries = new java.util.ArrayList<>(before.entries());
    entries.add(held);
    RunState run = before.run();
    var state =
        new RunState(
            run.id(),
            run.workflow(),
            run.version(),
            Status.QUARANTINED,
            run.epoch(),
            Optional.empty(),
            run.startedAt(),
            held.at(),
            run.inputDigest(),
            run.queue(),
            run.session());
    return new RunFile(state, entries, before.beside());
  }

  @ParameterizedTest
  @CsvSource({"SQLITE", "POSTGRES"})
  void everythingIsKeptAndGoesOn(TestStore.Kind kind) throws IOException {
    runs.make(store);
    Map<String, RunFile> before = exported(store);
    before.forEach(
        (id, file) -> assertThat(file.run().status()).as(id).isEqualTo(GoldenRuns.LEFT.get(id)));
    Path file = written(before);
    try (TestStore other = kind.made(Files.createDirectory(folder.resolve("other")))) {
      try (Retention retention = other.retention()) {
        assertThat(retention.importRuns(file).runs()).hasSameSizeAs(before.keySet());
        assertThat(retention.importRuns(file).known()).hasSameSizeAs(before.keySet());
      }
      before.forEach((id, run) -> assertKept(run, export(other, id)));
      resume(other);
      runs.finish(other);
    }
  }

  private static void resume(TestStore store) {
    try (JournalReader reader = store.reader();
        var client = store.client()) {
      List<RunState> held = reader.runs(Set.of(Status.QUARANTINED), 0, 100);
      assertThat(held).hasSize(5);
      held.forEach(run -> client.resume(run.id().text(), "anna", "nothing executes it there"));
    }
  }

  @Test
  void anEncryptedStoreGivesAndTakesAllButItsDigests() throws IOException {
    var others = EnumSet.complementOf(EnumSet.of(kind));
    var keys = Optional.<Encryption>of(new TestKeys("k1"));
    try (TestStore sealed = kind.made(Files.createDirectory(folder.resolve("a")), keys);
        TestStore other =
            others.iterator().next().made(Files.createDirectory(folder.resolve("b")), keys)) {
      runs.make(sealed);
      Map<String, RunFile> before = exported(sealed);
      Path file = written(before);
      try (Retention retention = other.retention()) {
        retention.importRuns(file);
        before.forEach((id, run) -> assertKept(run, export(other, id)));
        assertThat(export(other, "mailed").beside().orElseThrow().subject())
            .contains(GoldenRuns.SUBJECT);
        retention.eraseRun("ended", "anna", "asked for it");
      }
    }
  }

  @Test
  void whatWasUndoneStaysSoInAFileThatOnlyTellsOfIt() throws IOException {
    runs.make(store);
    Map<String, RunFile> known = exported(store);
    var told = new TreeMap<String, RunFile>();
    known.forEach((id, file) -> told.put(id, new RunFile(file.run(), file.entries())));
    Path file = written(told);
    try (TestStore other =
            TestStore.Kind.SQLITE.made(Files.createDirectory(folder.resolve("other")));
        Retention retention = other.retention()) {
      retention.importRuns(file);
      try (JournalReader reader = other.reader()) {
        for (RunFile run : known.values()) {
          for (Fact fact : run.beside().orElseThrow().facts()) {
            assertThat(reader.fact(fact.name())).contains(fact);
          }
        }
        assertThat(reader.fact("payment[\"18\"]").map(Fact::state)).contains(Fact.State.FREE);
        assertThat(reader.find(new RunId("undone"))).isPresent();
      }
    }
  }

  @Test
  void aFactOfAnErasedRunDoesNotHappenElsewhereEither() throws IOException {
    runs.make(store);
    try (Retention retention = store.retention()) {
      retention.eraseRun("ended", "anna", "asked for it");
    }
    Path file = written(Map.of("ended", export(store, "ended")));
    for (TestStore.Kind kind : TestStore.Kind.values()) {
      try (TestStore other = kind.made(Files.createDirectory(folder.resolve("to-" + kind)))) {
        try (Retention retention = other.retention()) {
          retention.importRuns(file);
        }
        try (JournalReader reader = other.reader()) {
          assertThat(reader.fact("payment[\"17\"]").map(Fact::state)).contains(Fact.State.ERASED);
        }
        assertThat(export(other, "ended")).isEqualTo(export(store, "ended"));
      }
    }
  }

  @Test
  void whatAnUnfinishedRunStartedIsNeitherPurgedNorErased() {
    runs.make(store);
    try (Retention retention = store.retention()) {
      assertThatThrownBy(() -> retention.eraseRun("doubt/child:pack#0", "anna", "asked for it"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was started by doubt, which has not ended");
      assertThat(retention.purge(Instant.now().plusSeconds(60))).isEqualTo(9);
      GoldenRuns.LEFT.forEach((id, status) -> {
        boolean isNeeded = !isEnded(id.replaceFirst("/.*", ""));
        assertThat(retention.export(id).isPresent()).as(id).isEqualTo(isNeeded);
      });
    }
  }

  private static boolean isEnded(String id) {
    return GoldenRuns.LEFT.getOrDefault(id, Status.READY).isEnded();
  }
}
