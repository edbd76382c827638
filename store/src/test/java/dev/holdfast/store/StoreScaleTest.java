package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that has much in it answers as one that has little. */
class StoreScaleTest {
  private static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  private static final int RUNS = 20_000;

  @TempDir Path folder;

  @BeforeEach
  void fill() throws SQLException {
    open().close();
    String body = JsonCodec.standard().write(new Entry.RunClaimed("worker"));
    try (Connection connection = Connections.executing(file(), Durability.EPHEMERAL);
        Statement statement = connection.createStatement()) {
      String numbers =
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
              .formatted(RUNS);
      statement.execute("BEGIN");
      statement.executeUpdate(
          numbers
              + "INSERT INTO run (number, id, workflow, version, status, epoch, owner, ready_at,"
              + " started_at, changed_at, input_digest) SELECT i, 'run-' || i, 'refund', '1',"
              + " CASE WHEN i % 100 = 0 THEN 'IN_DOUBT' ELSE 'COMPLETED' END,"
              + " 1, 0, NULL, i, i, 'd1g' FROM n");
      statement.executeUpdate(
          numbers
              + "INSERT INTO entry (run, sequence, epoch, at, body)"
              + " SELECT i, s.value, 1, i, '"
              + body
              + "' FROM n, json_each('[0,1,2,3,4]') s");
      statement.execute("COMMIT");
    }
  }

  @Test
  void aNewRunIsClaimedAmongManyFinishedOnes() throws Exception {
    try (var journal = open()) {
      var run = new NewRun(new RunId("new"), WORKFLOW, Payload.NULL, "d1g", Instant.now());
      journal.start(run).join();

      List<Claim> claims = journal.claim(Set.of(WORKFLOW), Instant.now(), 10).join();

      assertThat(claims).extracting(Claim::run).containsExactly(new RunId("new"));
    }
  }

  @Test
  void theInboxIsFoundAmongManyFinishedRuns() throws Exception {
    try (var journal = open()) {
      assertThat(journal.runs(Set.of(Status.IN_DOUBT), 0, 50))
          .hasSize(50)
          .allMatch(state -> state.status() == Status.IN_DOUBT);
      assertThat(journal.runs(Set.of(), 0, 50))
          .hasSize(50)
          .first()
          .matches(state -> state.id().text().equals("run-" + RUNS));
    }
  }

  @Test
  void manyRunsAreWokenAndClaimedInGroups() throws Exception {
    try (var journal = open()) {
      for (int i = 100; i <= RUNS; i += 100) {
        journal.send(new RunId("run-" + i), new Message.Resume("anna", "fixed")).join();
      }

      int claimed = 0;
      for (int group = 0; group < 4; group++) {
        claimed += journal.claim(Set.of(WORKFLOW), Instant.now(), 64).join().size();
      }

      assertThat(claimed).isEqualTo(RUNS / 100);
      assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
    }
  }

  private SqliteJournal open() {
    return SqliteJournal.open(
        file().path(), Durability.PROCESS_CRASH, InstantSource.system(), Optional.empty());
  }

  private StoreFile file() {
    return StoreFile.of(folder.resolve("runs.db"));
  }
}
