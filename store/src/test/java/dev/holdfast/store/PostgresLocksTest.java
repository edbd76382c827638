package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two workers that want the same in another order do not wait in a circle. */
class PostgresLocksTest extends PostgresWriterFixture {
  @Test
  void twoWorkersWhoStartTheSameRunsInOppositeOrderGetEachOnce() throws Exception {
    PostgresJournal other = another();
    int runs = 300;
    var here = new ArrayList<CompletableFuture<Start>>();
    var there = new ArrayList<CompletableFuture<Start>>();
    for (int i = 0; i < runs; i++) {
      here.add(journal.startClaimed(newRun("r-" + i)));
      there.add(other.startClaimed(newRun("r-" + (runs - 1 - i))));
    }

    for (int i = 0; i < runs; i++) {
      Start one = done(here.get(i));
      Start two = done(there.get(runs - 1 - i));
      assertThat(List.of(one, two)).filteredOn(Start.Fresh.class::isInstance).hasSize(1);
      PostgresJournal owner = one instanceof Start.Fresh ? journal : other;
      done(owner.append(append(new Claim(new RunId("r-" + i), WORKFLOW, 1, 1), 1)));
    }
    PostgresLaws.hold(database.url());
  }

  /** Who waited for each other would be told by the server to ask again. */
  @Test
  void reservationsThatCrossEachOtherTakeEffectOnceWithoutBeingAskedAgain() throws Exception {
    PostgresJournal other = another();
    Claim here = started("here");
    Claim there = ((Start.Fresh) done(other.startClaimed(newRun("there")))).claim().orElseThrow();
    int facts = 40;
    var decisions = new AtomicInteger();
    var asked = new ArrayList<CompletableFuture<Entry>>();
    for (int i = 0; i < facts; i++) {
      String rising = "fact-" + i;
      String falling = "fact-" + (facts - 1 - i);
      asked.add(journal.reserve(counting(rising, here, i + 1, decisions::incrementAndGet)));
      asked.add(other.reserve(counting(falling, there, i + 1, decisions::incrementAndGet)));
    }
    for (CompletableFuture<Entry> each : asked) {
      assertThat(done(each)).isEqualTo(marker());
    }

    for (int i = 0; i < facts; i++) {
      assertThat(journal.fact("fact-" + i).orElseThrow().generation()).isEqualTo(2);
    }
    assertThat(decisions).hasValue(2 * facts);
    assertThat(journal.entries(here.run(), 0, 100)).hasSize(facts + 1);
    assertThat(journal.entries(there.run(), 0, 100)).hasSize(facts + 1);
  }

  @Test
  void startsThatCrossEachOtherInQueuesAndSessionsDoNotBlockEachOther() throws Exception {
    PostgresJournal other = another();
    int queues = 20;
    for (int i = 0; i < queues; i++) {
      done(journal.register(Queue.of("queue-" + i)));
    }
    var starts = new ArrayList<CompletableFuture<Start>>();
    for (int i = 0; i < queues; i++) {
      starts.add(journal.start(admitted("here-" + i, i)));
      starts.add(other.start(admitted("there-" + i, queues - 1 - i)));
    }
    for (CompletableFuture<Start> start : starts) {
      assertThat(done(start)).isInstanceOf(Start.Fresh.class);
    }

    assertThat(rollbacks.count()).isZero();
  }

  @Test
  void mailThatCrossesOtherMailAndReleasesDoesNotBlockIt() throws Exception {
    PostgresJournal other = another();
    int runs = 40;
    for (int i = 0; i < runs; i++) {
      done((i % 2 == 0 ? journal : other).startClaimed(newRun("r-" + i)));
    }
    var sent = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < runs; i++) {
      int falling = runs - 1 - i;
      sent.add(journal.send(new RunId("r-" + i), RESUME));
      sent.add(other.send(new RunId("r-" + falling), RESUME));
      sent.add((i % 2 == 0 ? journal : other).append(releasing("r-" + i)));
    }
    allDone(sent);

    for (int i = 0; i < runs; i++) {
      RunState state = journal.find(new RunId("r-" + i)).orElseThrow();
      assertThat(state.status()).isEqualTo(Status.READY);
      assertThat(journal.mail(state.id())).hasSize(2);
    }
    assertThat(rollbacks.count()).isZero();
  }

  private static Append releasing(String id) {
    return new Append(
        new RunId(id),
        1,
        1,
        Instant.now(),
        List.of(marker()),
        List.of(),
        List.of(),
        Optional.of(new Release(Status.WAITING, Optional.empty())));
  }

  /** Through one of several queues and in one of several sessions. */
  private static NewRun admitted(String id, int place) {
    NewRun run = newRun(id);
    return new NewRun(
        run.id(),
        run.workflow(),
        run.input(),
        run.inputDigest(),
        run.at(),
        run.at(),
        Optional.of("queue-" + place),
        Optional.empty(),
        Optional.of("session-" + place));
  }
}
