package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that is killed by a real SIGKILL while it erases, purges, archives or imports, with a
 * transaction's work done and not committed; doing it again leads to what doing it once does.
 */
class RetentionKillTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final boolean IS_CAMPAIGN = Boolean.getBoolean("holdfast.campaigns");

  /** Behind the one that marks what is to go. */
  private static final int TRANSACTION = 3;

  @TempDir Path folder;

  private Path world(RetentionCutTest.Deed deed, String name) throws IOException {
    Path world = Files.createDirectory(folder.resolve(name));
    Path seed = world.resolve("seed.jsonl");
    try (InputStream kept = RetentionKillTest.class.getResourceAsStream("golden-2.jsonl")) {
      Files.copy(Objects.requireNonNull(kept), seed);
    }
    try (TestStore store = store(world);
        Retention retention = store.retention()) {
      if (deed != RetentionCutTest.Deed.IMPORT) {
        retention.importRuns(seed);
      }
    }
    return world;
  }

  private static TestStore store(Path world) {
    return TestStore.inFile(world.resolve("runs.db"), Optional.empty());
  }

  private static Map<String, Object> done(RetentionCutTest.Deed deed, Path world)
      throws IOException {
    var told = new TreeMap<String, Object>();
    try (TestStore store = store(world);
        Retention retention = store.retention();
        JournalReader reader = store.reader()) {
      RetentionProcess.act(deed, retention, world);
      for (String id : GoldenRuns.LEFT.keySet()) {
        told.put(
            id,
            retention
                .export(id)
                .map(file -> file.entries().stream().map(Recorded::entry).toList()));
      }
      for (Fact.State state : Fact.State.values()) {
        told.put(state.name(), reader.facts(state, 100));
      }
      told.put("checked", StoreCheck.of(reader).isWhole());
    }
    return told;
  }

  @ParameterizedTest
  @EnumSource(RetentionCutTest.Deed.class)
  void whatWasKilledIsFinishedByDoingItAgain(RetentionCutTest.Deed deed) throws IOException {
    Map<String, Object> undisturbed = done(deed, world(deed, "undisturbed"));
    assertThat(undisturbed).containsEntry("checked", true);
    int transaction = IS_CAMPAIGN ? 0 : TRANSACTION;
    boolean isKilled = true;
    while (isKilled) {
      Path world = world(deed, "killed-" + transaction);
      isKilled = isKilled(deed, world, transaction);
      assertThat(isKilled || IS_CAMPAIGN).as("within transaction %d", transaction).isTrue();
      assertThat(done(deed, world)).isEqualTo(undisturbed);
      isKilled = isKilled && IS_CAMPAIGN;
      transaction++;
    }
  }

  /** Whether it was killed before it was done. */
  private static boolean isKilled(RetentionCutTest.Deed deed, Path world, int transaction) {
    var arguments = List.of(world.toString(), deed.name(), String.valueOf(transaction));
    try (var child = ChildJvm.start(RetentionProcess.class, arguments)) {
      String where = child.awaitLine("at ", DEADLINE);
      child.kill();
      return where.equals(RetentionProcess.WITHIN);
    }
  }
}
