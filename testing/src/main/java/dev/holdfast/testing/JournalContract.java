package dev.holdfast.testing;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The laws that every {@link dev.holdfast.journal.spi.Journal} keeps, for the tests of a store:
 * extend it and say how the store is opened.
 */
public abstract class JournalContract extends LetterContract {
  /** For subclasses. */
  protected JournalContract() {}

  @Test
  void aStartedRunIsReadyAndHasItsFirstEntry() {
    Start start = done(journal.start(newRun("r")));

    assertThat(start).isEqualTo(new Start.Fresh(Optional.empty()));
    assertThat(state(new RunId("r")))
        .isEqualTo(
            new RunState(
                new RunId("r"), "refund", "1", Status.READY, 0, Optional.of(now), now, now, "d1g"));
    var first = new Entry.RunStarted("refund", "1", new Payload("{\"order\":\"17\"}"), "d1g");
    assertThat(journal.entries(new RunId("r"), 0, 10))
        .containsExactly(new Recorded(0, 0, now, first));
  }

  @Test
  void startingAnIdAgainFindsTheRunAndWritesNothing() {
    done(journal.start(newRun("r")));
    RunState before = state(new RunId("r"));

    var other = newRun("r", new WorkflowKey("other", "2"));

    assertThat(done(journal.start(other))).isEqualTo(new Start.Existing(before));
    assertThat(done(journal.startClaimed(other))).isEqualTo(new Start.Existing(before));
    assertThat(state(new RunId("r"))).isEqualTo(before);
    assertThat(entries(new RunId("r"))).hasSize(1);
  }

  @Test
  void aRunStartedClaimedBelongsToThisProcessAtOnce() {
    Claim claim = claimed("r");

    assertThat(claim).isEqualTo(new Claim(new RunId("r"), WORKFLOW, 1, 1));
    assertThat(state(claim.run()).status()).isEqualTo(Status.EXECUTING);
    assertThat(state(claim.run()).epoch()).isEqualTo(1);
    assertThat(state(claim.run()).readyAt()).isEmpty();
    assertThat(claimable(now)).isEmpty();
  }

  @Test
  void ofManyStartsOfOneIdExactlyOneIsFresh() {
    var starts =
        IntStream.range(0, 50)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> done(i % 2 == 0 ? journal.start(newRun("r")) : startClaimed())))
            .toList();

    assertThat(starts.stream().map(JournalFixture::done))
        .filteredOn(Start.Fresh.class::isInstance)
        .hasSize(1);
    assertThat(entries(new RunId("r"))).hasSize(1);
  }

  private CompletableFuture<Start> startClaimed() {
    return journal.startClaimed(newRun("r"));
  }

  @Test
  void aReadyRunIsClaimedOnceUnderTheNextEpoch() {
    done(journal.start(newRun("r")));

    assertThat(done(journal.claim(WORKFLOWS, now, 10)))
        .containsExactly(new Claim(new RunId("r"), WORKFLOW, 1, 1));
    assertThat(done(journal.claim(WORKFLOWS, now.plusSeconds(9), 10))).isEmpty();

    RunState state = state(new RunId("r"));
    assertThat(state.status()).isEqualTo(Status.EXECUTING);
    assertThat(state.epoch()).isEqualTo(1);
    assertThat(state.readyAt()).isEmpty();
    assertThat(state.changedAt()).isEqualTo(now);
  }

  @Test
  void entriesThatARunIsCopiedWithAreThereBeforeItsFirstClaim() {
    var text = new Payload("\"" + "x".repeat(2_000) + "\"");
    var path = new StepPath("session:state#0");
    var call = new Entry.Call(Contract.READ, "", Payload.NULL);
    List<Entry> copied =
        List.of(
            new Entry.StepAnswered(path, call, text),
            new Entry.AnswerKept(new Entry.AnswerTaken(path, call, Optional.empty(), text)));
    NewRun run = copy("r", copied);

    assertThat(done(journal.start(run))).isEqualTo(new Start.Fresh(Optional.empty()));
    assertThat(done(journal.start(run))).isInstanceOf(Start.Existing.class);
    assertThat(failureOf(journal.startClaimed(copy("s", copied))))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(journal.entries(run.id(), 0, 10))
        .extracting(Recorded::sequence)
        .containsExactly(0L, 1L, 2L);
    assertThat(entries(run.id())).isEqualTo(run.entries());
    assertThat(done(journal.claim(WORKFLOWS, now, 10)))
        .containsExactly(new Claim(run.id(), WORKFLOW, 1, 3));
  }

  private NewRun copy(String id, List<Entry> copied) {
    NewRun run = newRun(id);
    return new NewRun(
        run.id(),
        run.started(),
        now,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        copied);
  }

  @Test
  void onlyRunsOfTheNamedWorkflowsAreClaimed() {
    done(journal.start(newRun("other-version", new WorkflowKey("refund", "2"))));
    done(journal.start(newRun("other-name", new WorkflowKey("refunds", "1"))));
    done(journal.start(newRun("mine")));

    assertThat(claimable(now)).containsExactly("mine");
    assertThat(done(journal.claim(Set.of(), now, 10))).isEmpty();
    var both = Set.of(new WorkflowKey("refunds", "1"), new WorkflowKey("refund", "2"));
    assertThat(done(journal.claim(both, now, 10))).hasSize(2);
  }

  @Test
  void aParkedRunIsClaimedFromItsTimeOnAndNotBefore() {
    Instant due = now.plusSeconds(60);
    standing("r", Status.WAITING, Optional.of(due));

    assertThat(claimable(due.minusNanos(1_000))).isEmpty();
    assertThat(claimAgain("r", due)).isEqualTo(new Claim(new RunId("r"), WORKFLOW, 2, 2));
  }

  @Test
  void theRunsThatAreReadyLongestAreClaimedFirst() {
    standing("late", Status.WAITING, Optional.of(now.plusSeconds(3)));
    standing("early", Status.WAITING, Optional.of(now.plusSeconds(1)));
    standing("middle", Status.WAITING, Optional.of(now.plusSeconds(2)));
    Instant later = now.plusSeconds(9);

    assertThat(done(journal.claim(WORKFLOWS, later, 2)))
        .extracting(claim -> claim.run().text())
        .containsExactlyInAnyOrder("early", "middle");
    assertThat(claimable(later)).containsExactly("late");
  }

  @Test
  void claimsMadeAtTheSameTimeShareNoRun() {
    for (int i = 0; i < 60; i++) {
      done(journal.start(newRun("r-" + i)));
    }
    var claims =
        IntStream.range(0, 10)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> done(journal.claim(WORKFLOWS, now.plusSeconds(1), 7))))
            .toList();
    List<String> runs =
        claims.stream()
            .flatMap(claim -> done(claim).stream())
            .map(claim -> claim.run().text())
            .toList();

    assertThat(runs).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void whatEndedOrNeedsSomeoneIsNotClaimed() {
    standing("completed", Status.COMPLETED, Optional.empty());
    standing("truncated", Status.TRUNCATED, Optional.empty());
    standing("failed", Status.FAILED, Optional.empty());
    standing("in-doubt", Status.IN_DOUBT, Optional.empty());
    standing("quarantined", Status.QUARANTINED, Optional.empty());
    standing("cancelled", Status.CANCELLED, Optional.empty());
    standing("awaiting", Status.AWAITING_APPROVAL, Optional.empty());

    assertThat(claimable(now.plus(Duration.ofDays(999)))).isEmpty();
  }

  @Test
  void theNextReadyTimeIsTheEarliestOfTheRunsThatNobodyExecutes() {
    assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
    standing("in-doubt", Status.IN_DOUBT, Optional.empty());
    claimed("executing");
    assertThat(journal.nextReady()).isEqualTo(Instant.MAX);
    standing("late", Status.WAITING, Optional.of(now.plusSeconds(60)));
    standing("early", Status.WAITING, Optional.of(now.plusSeconds(30)));
    assertThat(journal.nextReady()).isEqualTo(now.plusSeconds(30));

    assertThat(claimable(now.plusSeconds(30))).containsExactly("early");
    assertThat(journal.nextReady()).isEqualTo(now.plusSeconds(60));

    done(journal.send(new RunId("in-doubt"), RESUME));
    assertThat(journal.nextReady()).isBefore(now.plusSeconds(60));
  }

  @Test
  void whatIsUnknownIsEmpty() {
    var unknown = new RunId("unknown");

    assertThat(journal.find(unknown)).isEmpty();
    assertThat(journal.entries(unknown, 0, 10)).isEmpty();
    assertThat(journal.mail(unknown)).isEmpty();
    assertThat(journal.runs(Set.of(), 0, 10)).isEmpty();
    assertThat(journal.location()).isNotBlank();
  }

  @Test
  void runsAreListedByStatusTheOneChangedLastFirst() {
    standing("first", Status.COMPLETED, Optional.empty());
    standing("second", Status.IN_DOUBT, Optional.empty());
    standing("third", Status.COMPLETED, Optional.empty());
    done(journal.send(new RunId("second"), RESUME));

    assertThat(ids(journal.runs(Set.of(Status.COMPLETED), 0, 10)))
        .containsExactly("third", "first");
    assertThat(ids(journal.runs(Set.of(Status.COMPLETED, Status.READY), 0, 2)))
        .containsExactly("second", "third");
    assertThat(ids(journal.runs(Set.of(), 2, 10))).containsExactly("first");
    assertThat(journal.runs(Set.of(Status.FAILED), 0, 10)).isEmpty();
  }

  private static List<String> ids(List<RunState> states) {
    return states.stream().map(state -> state.id().text()).toList();
  }

  @Test
  void afterAnAbruptEndWhatWasDoneIsThereAndItsRunsCanBeClaimed() throws Exception {
    Claim held = claimed("held");
    done(journal.append(append(held, marker("a"))));
    done(journal.start(newRun("ready")));
    RunId parked = standing("parked", Status.IN_DOUBT, Optional.empty());
    done(journal.send(parked, RESUME));

    journal.abandon();
    journal = opened();

    assertThat(entries(held.run())).hasSize(2).endsWith(marker("a"));
    assertThat(journal.mail(parked)).hasSize(1);
    assertThat(journal.nextReady()).isBeforeOrEqualTo(now.plusSeconds(60));
    var claims = done(journal.claim(WORKFLOWS, now.plusSeconds(60), 10));
    assertThat(claims)
        .containsExactlyInAnyOrder(
            new Claim(held.run(), WORKFLOW, 2, 2, 1),
            new Claim(new RunId("ready"), WORKFLOW, 1, 1),
            new Claim(parked, WORKFLOW, 2, 2));
  }

  @Test
  void afterACloseTheSameHoldsAsAfterAnAbruptEnd() throws Exception {
    Claim held = claimed("held");
    CompletableFuture<Void> queued = journal.append(append(held, marker("a")));

    journal.close();
    assertThat(queued).isCompleted();
    journal = opened();

    assertThat(journal.nextReady()).isBeforeOrEqualTo(now);
    assertThat(claimAgain("held", now)).isEqualTo(new Claim(held.run(), WORKFLOW, 2, 2));
  }

  @Test
  void aClaimOfAnEarlierProcessIsFencedEvenBeforeTheTakeover() throws Exception {
    Claim held = claimed("held");
    journal.abandon();
    journal = opened();

    assertThat(failureOf(journal.append(append(held, marker("zombie")))))
        .isInstanceOf(Fenced.class);
    Claim taken = claimAgain("held", now);
    assertThat(failureOf(journal.append(append(held, marker("zombie")))))
        .isInstanceOf(Fenced.class);

    done(journal.append(append(taken, marker("new owner"))));
    assertThat(entries(held.run())).hasSize(2).endsWith(marker("new owner"));
  }

  @Test
  void anAbandonedJournalFailsEveryCall() {
    Claim claim = claimed("r");

    journal.abandon();

    assertThat(failureOf(journal.append(append(claim, marker("late")))))
        .isInstanceOf(StoreFailed.class);
    assertThat(failureOf(journal.start(newRun("s")))).isInstanceOf(StoreFailed.class);
    assertThat(failureOf(journal.startClaimed(newRun("s")))).isInstanceOf(StoreFailed.class);
    assertThat(failureOf(journal.claim(WORKFLOWS, now, 1))).isInstanceOf(StoreFailed.class);
    assertThat(failureOf(journal.send(claim.run(), RESUME))).isInstanceOf(StoreFailed.class);
    assertThat(catchThrowable(() -> journal.find(claim.run()))).isInstanceOf(StoreFailed.class);
    assertThat(catchThrowable(() -> journal.nextReady())).isInstanceOf(StoreFailed.class);
  }

  @Test
  void anAbandonedJournalFailsEveryCallForAFact() {
    Claim claim = claimed("r");
    Fact settled = held(claim, REFUND).refused();
    journal.abandon();

    for (var refused :
        List.of(
            journal.reserve(asking(claim, 1, REFUND)),
            journal.claim(claim.run(), now),
            journal.settle(settled))) {
      assertThat(failureOf(refused)).isInstanceOf(StoreFailed.class);
    }
    assertThat(catchThrowable(() -> journal.executingWithMail())).isInstanceOf(StoreFailed.class);
    assertThat(catchThrowable(() -> journal.fact(REFUND))).isInstanceOf(StoreFailed.class);
  }

  @Test
  void anAbruptEndLeavesAPrefixAndEveryFutureDone() throws Exception {
    Claim claim = claimed("r");
    List<CompletableFuture<Void>> futures =
        IntStream.range(0, 3_000)
            .mapToObj(i -> journal.append(append(claim, i + 1, marker("m-" + i))))
            .toList();
    done(futures.get(10));
    journal.abandon();
    long confirmed =
        futures.stream().filter(future -> catchThrowable(() -> done(future)) == null).count();
    journal = opened();
    List<Entry> kept = entries(claim.run());
    assertThat(kept).hasSizeGreaterThan((int) confirmed);
    assertThat(kept.subList(1, kept.size()))
        .isEqualTo(IntStream.range(0, kept.size() - 1).mapToObj(i -> marker("m-" + i)).toList());
  }

  @Test
  void aThousandAppendsOfManyRunsAtTheSameTimeAllArrive() {
    List<Claim> claims = IntStream.range(0, 50).mapToObj(i -> claimed("r-" + i)).toList();
    var threads =
        claims.stream()
            .map(claim -> CompletableFuture.runAsync(() -> appendOneByOne(claim, 20)))
            .toList();
    threads.forEach(JournalFixture::done);

    var runs = claims.stream().map(Claim::run).collect(toSet());
    for (RunId run : runs) {
      assertThat(journal.entries(run, 0, 100).stream().map(Recorded::sequence))
          .isEqualTo(IntStream.rangeClosed(0, 20).mapToObj(Long::valueOf).toList());
    }
  }

  private void appendOneByOne(Claim claim, int count) {
    for (int i = 0; i < count; i++) {
      done(journal.append(append(claim, i + 1, marker("m-" + i))));
    }
  }
}
