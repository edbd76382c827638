package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file with damaged pages: who is concerned is told and set aside, all others go on. */
class DamagedStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int RUNS = 20;
  private static final int PAGE_BYTES = 4_096;

  @TempDir private Path folder;
  private Path file;

  /** Reads more than a page holds, then waits for a signal. */
  private final Workflow<String, String> workflow =
      Workflow.of("wait", String.class, String.class)
          .body((run, name) -> {
            for (int i = 0; i < 5; i++) {
              run.effect("read", name, Effect.read(String.class, DamagedStoreTest::textOf));
            }
            return run.awaitSignal("go", String.class, Duration.ofDays(1)).orElse("nothing");
          });

  private static String textOf(String name) {
    return ("<" + name + ">").repeat(130);
  }

  private static String idOf(int run) {
    return "run-%02d".formatted(run);
  }

  private static String inputOf(int run) {
    return "in-" + idOf(run);
  }

  @BeforeEach
  void make() throws IOException {
    Path made = folder.resolve("made.db");
    try (Holdfast holdfast = Holdfast.open(made, TestStore.FAST)) {
      holdfast.register(workflow);
      for (int i = 0; i < RUNS; i++) {
        holdfast.start(workflow, idOf(i), inputOf(i)).await(Duration.ofMillis(100));
      }
    }
    file = folder.resolve("copy.db");
    Files.copy(made, file);
    Files.copy(folder.resolve("made.db.lock"), folder.resolve("copy.db.lock"));
  }

  /** Writes nonsense over the beginning of the page in which that text stands first. */
  private void spoilPageOf(String text) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int at = new String(all, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    spoil((long) at / PAGE_BYTES * PAGE_BYTES);
  }

  private void spoil(long position) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {0x55, 0x55, 0x55, 0x55, 0x55, 0x55}), position);
    }
  }

  private long pageOfIndex(String name) throws SQLException {
    try (Connection connection = Connections.reading(StoreFile.of(file));
        Statement statement = connection.createStatement()) {
      return statement
          .executeQuery("SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'")
          .getLong(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"'\"in-run-07\"',entry", "<in-run-07><in-run-07>,payload"})
  void aDamagedPageSetsItsRunsAsideAndNoOthers(String text, String table) throws Exception {
    spoilPageOf(text);
    StoreFacts.Check check = StoreAddress.of(file).check();
    assertThat(check.isWhole()).isFalse();
    assertThat(check.tables()).containsExactly(table);
    assertThat(check.damage()).isNotEmpty().allMatch(line -> line.startsWith(table + ": "));
    assertThat(check.unreadable()).contains(new RunId(idOf(7))).hasSizeLessThan(8);
    assertThat(check.runs()).isEqualTo(RUNS);

    try (Holdfast holdfast = Holdfast.open(file, TestStore.FAST)) {
      holdfast.register(workflow);
      for (int i = 0; i < RUNS; i++) {
        holdfast.signal(idOf(i), "go", "m", "on", "test");
      }
      for (int i = 0; i < RUNS; i++) {
        boolean isWhole = !check.unreadable().contains(new RunId(idOf(i)));
        if (isWhole) {
          assertThat(holdfast.find(idOf(i), String.class).await(PATIENCE))
              .isEqualTo(new Outcome.Completed<>("on"));
        }
      }
      awaitSetAside(check.unreadable());
      assertThat(holdfast.engine().activity().isClaiming()).isTrue();
      assertThat(holdfast.start(workflow, "new", "new").await(Duration.ofMillis(300)))
          .isInstanceOf(Outcome.Waiting.class);
    }
  }

  private void awaitSetAside(List<RunId> runs) {
    try (JournalReader reader = Holdfast.reader(file)) {
      for (RunId run : runs) {
        org.awaitility.Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> reader.find(run).orElseThrow().status() == Status.QUARANTINED);
        assertThat(reader.last(run).orElseThrow().entry().toString())
            .contains("it is damaged. Restore a backup");
      }
      assertThat(reader.runs(Set.of(Status.QUARANTINED), 0, RUNS)).hasSameSizeAs(runs);
    }
  }

  @Test
  void aDamagedIndexIsToldAndNothingCrashes() throws Exception {
    spoil((pageOfIndex("entry_place") - 1) * PAGE_BYTES);
    StoreFacts.Check check = StoreAddress.of(file).check();
    assertThat(check.tables()).contains("entry");
    assertThat(check.unreadable()).hasSize(RUNS);
    try (Holdfast holdfast = Holdfast.open(file, TestStore.FAST)) {
      holdfast.register(workflow);
      assertThatThrownBy(() -> holdfast.start(workflow, "new", "new").await(PATIENCE))
          .isInstanceOf(StoreFailed.Damaged.class)
          .hasMessageContainingAll("it is damaged. Restore a backup", "doctor --check");
      assertThat(holdfast.find(idOf(1), String.class).id()).isEqualTo(new RunId(idOf(1)));
      assertThat(holdfast.engine().activity().isClaiming()).isTrue();
    }
  }

  @Test
  void aDamagedHeaderIsRefusedWithTheRemedy() throws Exception {
    spoil(0);
    assertThatThrownBy(() -> Holdfast.open(file, TestStore.FAST))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("it is no SQLite database. Name another file");
    assertThatThrownBy(() -> StoreAddress.of(file).check())
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("it is no SQLite database");
  }

  @Test
  void aWholeStoreIsSaidToBe() {
    StoreFacts.Check check = StoreAddress.of(file).check();
    assertThat(check.isWhole()).isTrue();
    assertThat(check).isEqualTo(new StoreFacts.Check(List.of(), Set.of(), List.of(), RUNS));
  }
}
