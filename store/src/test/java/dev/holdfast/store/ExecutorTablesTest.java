package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
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
  void aReservationThatIsRolledBackIsDecidedAgainFromWhatIsThere() throws SQLException {
    begin();
    Claim claim = started("r");
    commit();
    begin();
    assertThat(tables.reserve(reservation(claim), Seal.NONE)).isEqualTo(granted());
    assertThat(tables.common().ledger().find("refund")).isPresent();
    rollBack();

    begin();
    assertThat(tables.common().ledger().find("refund")).isEmpty();
    assertThat(tables.reserve(reservation(claim), Seal.NONE)).isEqualTo(granted());
    var behind = new Claim(claim.run(), WORKFLOW, 1, 2);
    assertThat(tables.reserve(reservation(behind), Seal.NONE)).isEqualTo(marker());
  }

  @Test
  void aRunThatIsClaimedAwaitsNothing() throws SQLException {
    begin();
    Claim holder = started("holder");
    tables.reserve(reservation(holder), Seal.NONE);
    Claim claim = started("r");
    var release = new Release(Status.WAITING, Optional.of(NOW), Optional.of("refund"));
    tables.append(releasing(claim, release), List.of(encoded()));
    assertThat(awaited()).containsExactly("refund");

    assertThat(tables.claim(claim.run(), NOW)).isPresent();

    assertThat(awaited()).isEmpty();
    commit();
  }

  private List<String> awaited() throws SQLException {
    var awaited = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT awaits FROM run WHERE awaits IS NOT NULL")) {
      while (row.next()) {
        awaited.add(row.getString(1));
      }
    }
    return awaited;
  }

  @Test
  void onlyDurableClaimsAreExecuting() throws SQLException {
    begin();
    started("lost");
    rollBack();
    begin();
    Claim kept = started("kept");
    assertThat(tables.executing()).isEmpty();
    commit();
    assertThat(tables.executing().values()).containsExactly(kept.run());
    begin();
    tables.append(releasing(kept), List.of(encoded()));
    assertThat(tables.executing().values()).containsExactly(kept.run());
    commit();
    assertThat(tables.executing()).isEmpty();
  }

  @Test
  void anOrphanThatIsClaimedByItsIdIsAnOrphanNoLonger() throws SQLException {
    begin();
    Claim claim = started("r");
    commit();
    tables = opened();

    begin();
    assertThat(tables.claim(claim.run(), NOW)).contains(new Claim(claim.run(), WORKFLOW, 2, 1, 1));
    commit();

    assertThat(tables.mayHaveOrphans()).isFalse();
  }

  @Test
  void aNameThatTheDatabaseWouldChangeIsNoOthers() throws SQLException {
    begin();
    Claim claim = started("r");
    Fact fact = fact(claim, "refund ?");
    var decision = new Reservation.Decision(granted(), Optional.of(fact));
    tables.reserve(
        new Reservation(claim.run(), 1, 1, NOW, fact.name(), row -> decision), Seal.NONE);
    assertThat(tables.common().ledger().find("refund \uD83D")).isEmpty();
    Fact half = fact(claim, "refund \uD83D");
    assertThatThrownBy(() -> tables.common().ledger().put(half, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of a surrogate pair");
    assertThat(tables.common().ledger().find(fact.name())).contains(fact);
    rollBack();
  }

  private static Reservation reservation(Claim claim) {
    var grant = new Reservation.Decision(granted(), Optional.of(fact(claim, "refund")));
    var refusal = new Reservation.Decision(marker(), Optional.empty());
    return new Reservation(
        claim.run(),
        claim.epoch(),
        claim.nextSequence(),
        NOW,
        "refund",
        row -> row.isEmpty() ? grant : refusal);
  }

  private static Fact fact(Claim claim, String name) {
    var path = new StepPath("effect:pay#0");
    return new Fact(name, 0, Fact.State.HELD, claim.run(), path, "d1g", Payload.NULL, Payload.NULL);
  }

  private static Entry granted() {
    return new Entry.RunClaimed("granted");
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
    tables.common().accept(newRun("r", new WorkflowKey("a b", "c")), List.of(encoded()), 0);

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
    return new ExecutorTables(
        connection, "a store", Schema.countOpening(connection), PlainVault.PLAIN);
  }

  private Claim started(String id) throws SQLException {
    var fresh = (Start.Fresh) tables.startClaimed(newRun(id, WORKFLOW), List.of(encoded()));
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
    return releasing(claim, new Release(Status.WAITING, Optional.of(NOW)));
  }

  private static Append releasing(Claim claim, Release release) {
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
    return EncodedEntry.of(JsonCodec.standard(), Seal.NONE, 0, marker());
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
