package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.WorkflowKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which runs of a file may be claimed, and in which order. */
class ReadyRunsTest extends SqliteTables {
  private static final Set<WorkflowKey> WORKFLOWS = Set.of(WORKFLOW);
  private static final long GONE = 6;
  private static final long MINE = 7;
  private ReadyRuns ready;

  @BeforeEach
  void open() throws SQLException {
    ready = new ReadyRuns(connection, tables.queues(), MINE);
  }

  private List<String> found(boolean withOrphans, int countMax) throws SQLException {
    return ready.find(WORKFLOWS, withOrphans, AT, countMax).stream()
        .map(run -> run.id().text())
        .toList();
  }

  @Test
  void whatAGoneProcessLeftComesFirstAndOnlyWhereItIsAskedFor() throws SQLException {
    accepted(run("ready"));
    accepted(run("left"), GONE);
    accepted(run("mine"), MINE);

    assertThat(ready.orphanExists()).isTrue();
    assertThat(found(true, 10)).containsExactly("left", "ready");
    assertThat(found(true, 1)).containsExactly("left");
    assertThat(found(false, 10)).containsExactly("ready");
  }

  @Test
  void anOrphanCountsADeathUnlessItsOwnerLeftIt() throws SQLException {
    long left = accepted(run("left"), GONE);
    accepted(run("given up"), 0);
    execute("UPDATE run SET status = 'EXECUTING', ready_at = NULL WHERE id = 'given up'");
    execute("UPDATE run SET deaths = 2");

    List<ReadyRuns.Ready> found = ready.find(WORKFLOWS, true, AT, 10);

    assertThat(found).allMatch(ReadyRuns.Ready::isOrphan);
    assertThat(found)
        .filteredOn(run -> run.number() == left)
        .extracting(ReadyRuns.Ready::deaths)
        .containsExactly(3);
    assertThat(found)
        .filteredOn(run -> run.number() != left)
        .extracting(ReadyRuns.Ready::deaths)
        .containsExactly(0);
  }

  @Test
  void anEndedRunOfAGoneProcessIsNoOrphan() throws SQLException {
    long run = accepted(run("r"), GONE);
    end(run);
    assertThat(ready.orphanExists()).isFalse();
    assertThat(found(true, 10)).isEmpty();
  }

  @Test
  void nameAndVersionOfAWorkflowAreNotMixedUp() throws SQLException {
    accepted(run("r"));
    for (WorkflowKey other :
        List.of(
            new WorkflowKey("refund", "2"),
            new WorkflowKey("refund1", ""),
            new WorkflowKey("1", "refund"),
            new WorkflowKey("refund\",\"1", "1"))) {
      assertThat(ready.find(Set.of(other), true, AT, 10)).as(other.toString()).isEmpty();
    }
    assertThat(ready.find(Set.of(), true, AT, 10)).isEmpty();
    assertThat(found(true, 10)).containsExactly("r");
  }

  @Test
  void whatIsReadyAtTheSameTimeComesInTheOrderOfItsStarts() throws SQLException {
    tables.queues().register(Queue.of("mail").concurrencyMax(5));
    accepted(queued("first", "mail"));
    accepted(run("second"));
    accepted(queued("third", "mail"));
    accepted(run("before all", AT - 1, Optional.empty(), Optional.empty()));
    accepted(run("not yet", AT + 1, Optional.empty(), Optional.empty()));

    assertThat(found(false, 10)).containsExactly("before all", "first", "second", "third");
    assertThat(found(false, 2)).containsExactly("before all", "first");
  }

  @Test
  void orphansTakeThePlacesOfTheirQueueBeforeOthersDo() throws SQLException {
    tables.queues().register(Queue.of("mail").concurrencyMax(3).concurrencyMaxPerWorker(2));
    accepted(queued("left-1", "mail"), GONE);
    accepted(queued("left-2", "mail"), GONE);
    accepted(queued("left-3", "mail"), GONE);
    accepted(queued("ready", "mail"));

    assertThat(found(true, 10)).containsExactly("left-1", "left-2");
    assertThat(found(false, 10)).isEmpty();
  }

  @Test
  void anOrphanWithoutAPlaceLeavesItsTurnToTheNext() throws SQLException {
    tables.queues().register(Queue.of("mail"));
    accepted(queued("mine", "mail"), MINE);
    accepted(queued("left", "mail"), GONE);
    accepted(run("outside"), GONE);

    assertThat(found(true, 1)).containsExactly("outside");
  }

  @Test
  void oneRunIsFoundByItsIdInItsTimeAndWhereThereIsAPlace() throws SQLException {
    tables.queues().register(Queue.of("mail"));
    accepted(queued("first", "mail"));
    accepted(queued("second", "mail"));
    var first = new RunId("first");
    var second = new RunId("second");
    assertThat(ready.find(first, AT - 1)).isEmpty();
    assertThat(ready.find(second, AT)).isPresent();

    execute("UPDATE run SET status = 'EXECUTING', ready_at = NULL, owner = 7 WHERE id = 'first'");

    assertThat(ready.find(first, AT)).as("executed here").isEmpty();
    assertThat(ready.find(second, AT)).as("no place").isEmpty();
    assertThat(ready.find(new RunId("unknown"), AT)).isEmpty();
  }

  @Test
  void anOrphanIsFoundByItsIdWhereItsQueueHasAPlaceForIt() throws SQLException {
    tables.queues().register(Queue.of("mail"));
    accepted(queued("left", "mail"), GONE);
    var left = new RunId("left");
    assertThat(ready.find(left, AT)).map(ReadyRuns.Ready::isOrphan).contains(true);

    accepted(queued("mine", "mail"), MINE);

    assertThat(ready.find(left, AT)).as("its place is taken here").isEmpty();
  }

  @Test
  void whatStandsIsNotReady() throws SQLException {
    for (Status status : List.of(Status.IN_DOUBT, Status.QUARANTINED, Status.COMPLETED)) {
      long run = accepted(run("r-" + status));
      tables.stand(run, status, Optional.empty(), Optional.empty(), AT);
    }
    assertThat(found(true, 10)).isEmpty();
  }
}
