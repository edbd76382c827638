package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSizeTest {
  private static final RunId RUN = new RunId("history");
  private static final String DIGEST = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst";
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path folder;
  private final Random random = new Random(1);
  private long sequence = 1;

  @Test
  void anAgentsHistoryCostsLittleMoreThanItsPayloads() throws IOException {
    int turns = 400;
    int turnBytes = 2_048;
    try (var journal = open()) {
      start(journal);
      for (int turn = 0; turn < turns; turn++) {
        turn(journal, turn, randomText(turnBytes));
      }
    }

    assertThat(Files.size(store())).isLessThan((long) (2.5 * turns * turnBytes));
    assertThat(wal()).doesNotExist();
  }

  @Test
  void aTextThatRecursWithinARunIsKeptOnce() throws IOException {
    String text = randomText(MEBIBYTE);
    try (var journal = open()) {
      start(journal);
      for (int turn = 0; turn < 20; turn++) {
        turn(journal, turn, text);
      }
      assertThat(journal.entries(RUN, 0, 100)).hasSize(41);
    }

    assertThat(Files.size(store())).isBetween(1L * MEBIBYTE, 2L * MEBIBYTE);
  }

  @Test
  void theWriteAheadLogStaysSmallUnderLoad() throws IOException {
    try (var journal = open()) {
      start(journal);
      for (int turn = 0; turn < 96; turn++) {
        turn(journal, turn, randomText(MEBIBYTE));
        assertThat(Files.size(wal())).isLessThan(32L * MEBIBYTE);
      }
    }
  }

  @Test
  void anIdleStoreCopiesItsLogIntoTheDatabase() throws IOException {
    try (var journal = open()) {
      start(journal);
      turn(journal, 0, randomText(MEBIBYTE));
      assertThat(Files.size(wal())).isGreaterThan(MEBIBYTE);

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(Files.size(store())).isGreaterThan(MEBIBYTE));
    }
  }

  private void turn(SqliteJournal journal, int turn, String reply) {
    var path = new StepPath("agent:desk#0/model:reply#" + turn);
    var call =
        new Entry.Call(Contract.IDEMPOTENT, DIGEST, new Payload("{\"context\":" + turn + "}"));
    append(
        journal,
        new Entry.EffectIntended(path, call, new IdempotencyKey(DIGEST), Optional.empty()));
    append(
        journal,
        new Entry.EffectSucceeded(path, JsonCodec.standard().encode(reply), Entry.Origin.FRESH));
  }

  private void append(SqliteJournal journal, Entry entry) {
    journal
        .append(
            new Append(
                RUN,
                1,
                sequence++,
                Instant.now(),
                List.of(entry),
                List.of(),
                List.of(),
                Optional.empty()))
        .join();
  }

  private static void start(SqliteJournal journal) {
    var workflow = new WorkflowKey("desk", "1");
    journal.startClaimed(new NewRun(RUN, workflow, Payload.NULL, DIGEST, Instant.now())).join();
  }

  /** Signs that no compression could shorten much. */
  private String randomText(int length) {
    return random
        .ints(length, ' ' + 1, '~')
        .filter(sign -> sign != '"' && sign != '\\')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private SqliteJournal open() {
    return SqliteJournal.open(
        store(), Durability.PROCESS_CRASH, InstantSource.system(), Optional.empty());
  }

  private Path store() {
    return folder.resolve("runs.db");
  }

  private Path wal() {
    return folder.resolve("runs.db-wal");
  }
}
