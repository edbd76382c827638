package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreReaderTest extends OnEveryStore {
  private static final RunId RUN = new RunId("r");

  private Journal journal;
  private JournalReader reader;

  @BeforeEach
  void open() {
    journal = store.journal();
    var run = new NewRun(RUN, new WorkflowKey("refund", "1"), Payload.NULL, "d1g", Instant.now());
    journal.startClaimed(run).join();
    reader = store.reader();
  }

  @AfterEach
  void close() {
    reader.close();
    journal.close();
  }

  @Test
  void manyThreadsReadWhileOneWrites() {
    var writing =
        CompletableFuture.runAsync(() -> {
          for (int i = 1; i <= 300; i++) {
            append(i, new Entry.RunClaimed("worker"));
          }
        });
    var reading =
        IntStream.range(0, 16)
            .mapToObj(i -> CompletableFuture.runAsync(() -> readUntil(301)))
            .toList();

    writing.orTimeout(60, TimeUnit.SECONDS).join();
    reading.forEach(each -> each.orTimeout(60, TimeUnit.SECONDS).join());
  }

  /** Every look shows a prefix of the history that only grows. */
  private void readUntil(int size) {
    int seen = 0;
    while (seen < size) {
      List<Recorded> history = reader.entries(RUN, 0, 1_000);
      assertThat(history).hasSizeGreaterThanOrEqualTo(Math.max(1, seen));
      assertThat(history.getLast().sequence()).isEqualTo(history.size() - 1);
      seen = history.size();
    }
  }

  @Test
  void aClosedReaderSaysSo() {
    reader.close();
    reader.close();

    assertThatThrownBy(() -> reader.find(RUN))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("is closed.");
  }

  @Test
  void aReadThatFailsDoesNotSpoilTheNext() throws SQLException {
    append(1, new Entry.RunClaimed("worker"));
    execute("UPDATE entry SET body = '{\"is\":\"RunImagined\"}' WHERE sequence = 1");
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> reader.entries(RUN, 0, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("this version knows no entry 'RunImagined'");
    }

    assertThat(reader.entries(RUN, 0, 1)).hasSize(1);
  }

  @Test
  void aLostPayloadIsReportedAndNotInvented() throws SQLException {
    var large = new Payload("\"" + "x".repeat(2_000) + "\"");
    append(1, new Entry.RunCompleted(large));
    execute("DELETE FROM payload");

    assertThatThrownBy(() -> reader.entries(RUN, 0, 10))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("lacks a payload")
        .hasMessageContaining("Restore a backup");
  }

  @Test
  void aReaderSeesWhatIsWrittenAfterItWasOpened() {
    assertThat(reader.last(RUN)).map(Recorded::sequence).contains(0L);

    append(1, new Entry.RunClaimed("worker"));

    assertThat(reader.last(RUN)).map(Recorded::sequence).contains(1L);
    assertThat(reader.runs(Set.of(), 0, 10)).hasSize(1);
    assertThat(reader.location()).isEqualTo(journal.location());
  }

  @Test
  void aLongRunIsReadInPagesWhileItIsWritten() {
    int count = 3_000;
    var answers = new ArrayList<CompletableFuture<Void>>();
    for (int i = 1; i <= count; i++) {
      List<Entry> entries = List.of(new Entry.RunClaimed("worker " + i));
      answers.add(
          journal.append(
              new Append(
                  RUN, 1, i, Instant.now(), entries, List.of(), List.of(), Optional.empty())));
    }

    int next = 1;
    while (next <= count) {
      for (Recorded recorded : reader.entries(RUN, next, 700)) {
        assertThat(recorded.sequence()).isEqualTo(next);
        assertThat(recorded.entry()).isEqualTo(new Entry.RunClaimed("worker " + next));
        next++;
      }
    }
    assertThat(answers).allMatch(answer -> !answer.isCompletedExceptionally());
    assertThat(reader.entries(RUN, next, 700)).isEmpty();
  }

  @Test
  void aPayloadOfSixtyFourMebibytesIsReadBack() {
    var huge = new Payload("\"" + "0123456789abcdef".repeat(4 << 20) + "\"");

    append(1, new Entry.RunCompleted(huge));

    assertThat(reader.last(RUN))
        .map(Recorded::entry)
        .hasValueSatisfying(
            entry -> assertThat(entry.equals(new Entry.RunCompleted(huge))).isTrue());
  }

  private void append(long sequence, Entry entry) {
    journal
        .append(
            new Append(
                RUN,
                1,
                sequence,
                Instant.now(),
                List.of(entry),
                List.of(),
                List.of(),
                Optional.empty()))
        .join();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
