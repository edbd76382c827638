package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction changes in memory goes with it, whether it is committed or rolled back. */
class ExecutorTablesTest {
  private static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  private static final Set<WorkflowKey> WORKFLOWS = Set.of(WORKFLOW);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private Connection connection;
  private ExecutorTables tables;

  @BeforeEach
  void open() throws SQLException {
    StoreFile file = StoreFile.of(folder.resolve("runs.db"));
    file.create();
    connection = Connections.executing(file, Durability.EPHEMERAL);
    Schema.prepare(connection, file);
    tables = opened();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void aClaimThatIsRolledBackIsNotHeld() throws SQLException {
    begin();
    Claim claim = started("r");
    tables.append(append(claim, 1), List.of(encoded()));
    rollBack();

    begin();
    assertThatThrownBy(() -> tables.append(append(claim, 1), List.of(encoded())))
        .isInstanceOf(Fenced.class);
    assertThat(started("r")).isEqualTo(claim);
    commit();
  }

  @Test
  void anAppendThatIsRolledBackLeavesTheNextSequenceAsItWas() throws SQLException {
    begin();
    Claim claim = started("r");
    commit();
    begin();
    tables.append(append(claim, 1), List.of(encoded()));
    tables.append(append(claim, 2), List.of(encoded()));
    rollBack();

    begin();
    assertThatThrownBy(() -> tables.append(append(claim, 3), List.of(encoded())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the next sequence is 1, the append begins at 3");
    tables.append(append(claim, 1), List.of(encoded()));
    commit();
  }

  @Test
  void aReleaseThatIsRolledBackKeepsTheClaim() throws SQLException {
    begin();
    Claim claim = started("r");
    commit();
    begin();
    tables.append(releasing(claim), List.of(encoded()));
    assertThatThrownBy(() -> tables.append(append(claim, 2), List.of(encoded())))
        .isInstanceOf(Fenced.class);
    rollBack();

    begin();
    tables.append(append(claim, 1), List.of(encoded()));
    commit();
  }

  @Test
  void withinOneTransactionARunIsStartedReleasedAndClaimedAgain() throws SQLException {
    begin();
    Claim first = started("r");
    tables.append(releasing(first), List.of(encoded()));
    List<Claim> again = tables.claim(WORKFLOWS, NOW, 10);
    commit();

    assertThat(again).containsExactly(new Claim(new RunId("r"), WORKFLOW, 2, 2));
  }

  @Test
  void orphansAreClaimedByTheNextOpeningAndOnlyOnce() throws SQLException {
    begin();
    started("r");
    started("s");
    commit();
    assertThat(tables.mayHaveOrphans()).isFalse();

    tables = opened();
    assertThat(tables.mayHaveOrphans()).isTrue();
    begin();
    assertThat(tables.claim(WORKFLOWS, NOW, 1)).hasSize(1);
    assertThat(tables.mayHaveOrphans()).isTrue();
    assertThat(tables.claim(WORKFLOWS, NOW, 10)).hasSize(1);
    assertThat(tables.mayHaveOrphans()).isFalse();
    assertThat(tables.claim(WORKFLOWS, NOW, 10)).isEmpty();
    commit();
  }

  @Test
  void orphansWhoseClaimWasRolledBackAreFoundAgain() throws SQLException {
    begin();
    started("r");
    commit();
    tables = opened();
    begin();
    assertThat(tables.claim(WORKFLOWS, NOW, 10)).hasSize(1);
    rollBack();

    begin();
    assertThat(tables.claim(WORKFLOWS, NOW, 10)).hasSize(1);
    commit();
  }

  @Test
  void orphansOfAWorkflowThatNobodyAskedForStayOrphans() throws SQLException {
    begin();
    started("r");
    commit();
    tables = opened();

    begin();
    assertThat(tables.claim(Set.of(new WorkflowKey("refund", "2")), NOW, 10)).isEmpty();
    commit();

    assertThat(tables.mayHaveOrphans()).isTrue();
  }

  @Test
  void aWorkflowsNameAndVersionAreNotMixedUp() throws SQLException {
    begin();
    tables.common().accept(newRun("r", new WorkflowKey("a b", "c")), encoded(), 0);

    assertThat(tables.claim(Set.of(new WorkflowKey("a", "b c")), NOW, 10)).isEmpty();
    assertThat(tables.claim(Set.of(new WorkflowKey("a b", "c")), NOW, 10)).hasSize(1);
    commit();
  }

  @Test
  void anOpeningKnowsWhenALaterOneTookOver() throws SQLException {
    ExecutorTables earlier = tables;
    assertThat(earlier.isStillMine()).isTrue();

    tables = opened();

    assertThat(earlier.isStillMine()).isFalse();
    assertThat(tables.isStillMine()).isTrue();
  }

  private ExecutorTables opened() throws SQLException {
    return new ExecutorTables(connection, "a store", Schema.countOpening(connection));
  }

  private Claim started(String id) throws SQLException {
    var fresh = (Start.Fresh) tables.startClaimed(newRun(id, WORKFLOW), encoded());
    return fresh.claim().orElseThrow();
  }

  private static NewRun newRun(String id, WorkflowKey workflow) {
    return new NewRun(new RunId(id), workflow, Payload.NULL, "d1g", NOW);
  }

  private static Append append(Claim claim, long sequence) {
    return new Append(
        claim.run(),
        claim.epoch(),
        sequence,
        NOW,
        List.of(marker()),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static Append releasing(Claim claim) {
    var release = new Release(Status.WAITING, Optional.of(NOW));
    return new Append(
        claim.run(),
        claim.epoch(),
        1,
        NOW,
        List.of(marker()),
        List.of(),
        List.of(),
        Optional.of(release));
  }

  private static Entry marker() {
    return new Entry.RunClaimed("worker");
  }

  private static EncodedEntry encoded() {
    return EncodedEntry.of(JsonCodec.standard(), marker());
  }

  private void begin() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  private void commit() throws SQLException {
    execute("COMMIT");
    tables.committed();
  }

  private void rollBack() throws SQLException {
    execute("ROLLBACK");
    tables.rolledBack();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
