package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one batch of a worker decides for requests that meet in it, and beside another worker. */
class PostgresBatchTest extends PostgresBatchFixture {
  @Test
  void requestsThatMeetShareATransaction() throws SQLException {
    long commits = mine.commits();
    var starts = new ArrayList<Supplier<CompletableFuture<Start>>>();
    IntStream.range(0, 50).forEach(i -> starts.add(() -> mine.start(newRun("r-" + i))));

    assertThat(inOneBatch(starts)).allMatch(start -> done(start) instanceof Start.Fresh);

    // It counts after it has answered.
    await().atMost(DEADLINE).until(() -> mine.commits() - commits >= 2);
    assertThat(mine.commits() - commits).isLessThan(5);
    assertThat(theirs.runs(Set.of(), 0, 100)).hasSize(51);
  }

  @Test
  void anIdThatIsAskedForTwiceInABatchIsFreshOnce() throws SQLException {
    List<CompletableFuture<Start>> answers =
        inOneBatch(
            List.of(
                () -> mine.startClaimed(newRun("r")),
                () -> mine.start(newRun("r")),
                () -> mine.startClaimed(newRun("r"))));

    assertThat(done(answers.get(0)))
        .isEqualTo(new Start.Fresh(Optional.of(new Claim(new RunId("r"), WORKFLOW, 1, 1))));
    for (CompletableFuture<Start> other : answers.subList(1, 3)) {
      var existing = (Start.Existing) done(other);
      assertThat(existing.state().status()).isEqualTo(Status.EXECUTING);
    }
    assertThat(mine.entries(new RunId("r"), 0, 10)).hasSize(1);
  }

  @Test
  void aStartForAnyoneBeforeAClaimedOneLeavesItToAnyone() throws SQLException {
    List<CompletableFuture<Start>> answers =
        inOneBatch(List.of(() -> mine.start(newRun("r")), () -> mine.startClaimed(newRun("r"))));

    assertThat(done(answers.get(0))).isEqualTo(new Start.Fresh(Optional.empty()));
    assertThat(done(answers.get(1))).isInstanceOf(Start.Existing.class);
    assertThat(claimed(theirs, 10)).contains("r");
  }

  @Test
  void whatAnotherWorkerStartedIsFoundAndTheRestOfTheBatchIsFresh() throws SQLException {
    done(theirs.startClaimed(newRun("theirs")));

    List<CompletableFuture<Start>> answers =
        inOneBatch(
            List.of(
                () -> mine.startClaimed(newRun("theirs")), () -> mine.startClaimed(newRun("m"))));

    var existing = (Start.Existing) done(answers.get(0));
    assertThat(existing.state().epoch()).isEqualTo(1);
    assertThat(done(answers.get(1))).isInstanceOf(Start.Fresh.class);
    var stolen = new Claim(new RunId("theirs"), WORKFLOW, 1, 1);
    assertThat(failure(mine.append(append(stolen, 1)))).isInstanceOf(Fenced.class);
    done(theirs.append(append(stolen, 1)));
  }

  @Test
  void queuesAndDeduplicationCountWhatTheBatchHasAcceptedBefore() throws SQLException {
    done(mine.register(Queue.of("mail").waitingMax(2)));

    List<CompletableFuture<Start>> answers =
        inOneBatch(
            List.of(
                () -> mine.start(queued("a", Optional.of("order"))),
                () -> mine.start(queued("b", Optional.of("order"))),
                () -> mine.start(queued("c", Optional.empty())),
                () -> mine.start(queued("d", Optional.empty())),
                () -> mine.start(queued("a", Optional.empty()))));

    assertThat(done(answers.get(0))).isInstanceOf(Start.Fresh.class);
    var duplicate = (Start.Deduplicated) done(answers.get(1));
    assertThat(duplicate.state().id()).isEqualTo(new RunId("a"));
    assertThat(done(answers.get(2))).isInstanceOf(Start.Fresh.class);
    assertThat(done(answers.get(3))).isInstanceOf(Start.QueueFull.class);
    assertThat(done(answers.get(4))).isInstanceOf(Start.Existing.class);
    assertThat(theirs.load("mail").map(Queue.Load::waiting)).contains(2);
  }

  @Test
  void aReleaseSeesTheMailOfItsBatchOnEitherSide() throws SQLException {
    Claim early = claimed("early");
    Claim late = claimed("late");

    List<CompletableFuture<Void>> answers =
        inOneBatch(
            List.of(
                () -> mine.send(early.run(), RESUME),
                () -> mine.append(parking(early)),
                () -> mine.append(parking(late)),
                () -> mine.send(late.run(), RESUME)));

    answers.forEach(PostgresBatchTest::done);
    assertThat(claimed(theirs, 10)).contains("early", "late");
    assertThat(theirs.mail(early.run())).hasSize(1);
  }

  @Test
  void aReleaseSeesTheMailThatOthersSentMeanwhile() {
    Claim claim = claimed("r");
    done(theirs.send(claim.run(), RESUME));

    done(mine.append(parking(claim)));

    assertThat(claimed(theirs, 10)).containsExactly("r");
  }

  @Test
  void mailThatCameAfterWhatWasConsumedKeepsTheRunReady() {
    Claim claim = claimed("r");
    done(theirs.send(claim.run(), RESUME));
    long heard = mine.mail(claim.run()).getFirst().number();
    done(theirs.send(claim.run(), RESUME));

    done(
        mine.append(
            append(claim, 1, List.of(heard), List.of(), Optional.of(parked(Optional.empty())))));

    assertThat(mine.mail(claim.run())).hasSize(1);
    assertThat(claimed(theirs, 10)).containsExactly("r");
  }

  @Test
  void aRequestThatTheServerCannotTakeFailsAlone() throws SQLException {
    Claim good = claimed("good");
    Claim bad = claimed("bad");

    List<CompletableFuture<Object>> answers =
        inOneBatch(
            List.of(
                () -> mine.append(append(good, 1)).thenApply(done -> "written"),
                () -> mine.reserve(reservation(bad, "pay \uD83D")).thenApply(entry -> entry),
                () -> mine.append(append(good, 2)).thenApply(done -> "written"),
                () -> mine.start(newRun("new")).thenApply(start -> start)));

    assertThat(failure(answers.get(1))).hasMessageContaining("surrogate");
    assertThat(done(answers.get(0))).isEqualTo("written");
    assertThat(done(answers.get(2))).isEqualTo("written");
    assertThat(done(answers.get(3))).isInstanceOf(Start.Fresh.class);
    assertThat(sequences(good.run())).containsExactly(0L, 1L, 2L);
    done(mine.append(append(bad, 1)));
    assertThat(sequences(bad.run())).containsExactly(0L, 1L);
    assertThat(mine.facts(Fact.State.HELD, 10)).isEmpty();
  }

  @Test
  void whatIsRefusedChangesNothingAndTheOthersOfTheBatchStand() throws SQLException {
    Claim claim = claimed("r");
    var behind = new Claim(claim.run(), WORKFLOW, 0, 1);
    Fact notMine = fact(claim.run(), "unasked").happened(Payload.NULL);

    List<CompletableFuture<Void>> answers =
        inOneBatch(
            List.of(
                () -> mine.append(append(claim, 2)),
                () -> mine.append(append(behind, 1)),
                () -> mine.append(append(claim, 1, List.of(), List.of(notMine), Optional.empty())),
                () -> mine.send(new RunId("unknown"), RESUME),
                () -> mine.settle(notMine),
                () -> mine.append(append(claim, 1))));

    assertThat(failure(answers.get(0))).hasMessageContaining("the next sequence is 1");
    assertThat(failure(answers.get(1))).isInstanceOf(Fenced.class);
    assertThat(failure(answers.get(2))).hasMessageContaining("does not hold the fact 'unasked'");
    assertThat(failure(answers.get(3))).hasMessageContaining("There is no run unknown");
    assertThat(failure(answers.get(4))).hasMessageContaining("is not in doubt");
    done(answers.get(5));
    assertThat(sequences(claim.run())).containsExactly(0L, 1L);
    assertThat(mine.fact("unasked")).isEmpty();
  }

  @Test
  void anEndGivesTheTurnToWhatTheSameBatchAdded() throws SQLException {
    done(mine.start(inSession("first")));
    Claim first = done(mine.claim(WORKFLOWS, now, 1)).getFirst();
    var end =
        new Release(
            Status.COMPLETED,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Payload("\"heard\"")));

    List<CompletableFuture<Object>> answers =
        inOneBatch(
            List.of(
                () -> mine.start(inSession("second")).thenApply(start -> start),
                () ->
                    mine.append(append(first, 1, List.of(), List.of(), Optional.of(end)))
                        .thenApply(nothing -> "ended"),
                () -> mine.start(inSession("third")).thenApply(start -> start)));

    assertThat(done(answers.get(1))).isEqualTo("ended");
    assertThat(claimed(theirs, 10)).contains("second").doesNotContain("third");
    assertThat(theirs.sessionState("anna")).contains(new Payload("\"heard\""));
    assertThat(theirs.behind(new RunId("second"))).isEqualTo(1);
  }

  @Test
  void runsThatSomebodyIsAtAreLeftOutOfAClaim() throws SQLException {
    done(mine.start(newRun("busy")));
    done(mine.start(newRun("free")));
    try (Connection other = store.connection();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("SELECT 1 FROM run WHERE id = 'busy' FOR UPDATE");

      assertThat(claimed(mine, 10)).containsExactly("free");
      assertThat(done(mine.claim(new RunId("busy"), now))).isEmpty();
      other.rollback();
    }
    assertThat(done(mine.claim(new RunId("busy"), now))).isPresent();
  }

  @Test
  void workersThatClaimAtTheSameTimeShareNoRun() {
    IntStream.range(0, 80).forEach(i -> done(mine.start(newRun("r-" + i))));
    var rounds = new ArrayList<CompletableFuture<List<Claim>>>();
    for (int round = 0; round < 10; round++) {
      rounds.add(CompletableFuture.supplyAsync(() -> done(mine.claim(WORKFLOWS, now, 5))));
      rounds.add(CompletableFuture.supplyAsync(() -> done(theirs.claim(WORKFLOWS, now, 5))));
    }

    List<RunId> runs = rounds.stream().flatMap(r -> done(r).stream()).map(Claim::run).toList();

    assertThat(runs).doesNotHaveDuplicates();
    var rest = new HashSet<>(runs);
    done(mine.claim(WORKFLOWS, now, 100))
        .forEach(claim -> assertThat(rest.add(claim.run())).isTrue());
    assertThat(rest).hasSize(80);
  }

  @Test
  void theAppendsOfManyThreadsStayInTheOrderOfEach() {
    int runs = 12;
    int appends = 40;
    List<CompletableFuture<Void>> threads =
        IntStream.range(0, runs)
            .mapToObj(i -> CompletableFuture.runAsync(() -> appendAll("r-" + i, i, appends)))
            .toList();

    threads.forEach(PostgresBatchTest::done);

    for (int i = 0; i < runs; i++) {
      List<Recorded> history = mine.entries(new RunId("r-" + i), 1, appends + 1);
      assertThat(history)
          .extracting(Recorded::entry)
          .containsExactlyElementsOf(
              IntStream.range(0, appends)
                  .<Entry>mapToObj(n -> new Entry.RunClaimed("entry " + n))
                  .toList());
    }
  }

  /** Half of the runs are one worker's, half the other's; nobody waits for an answer. */
  private void appendAll(String id, int i, int count) {
    Journal journal = i % 2 == 0 ? mine : theirs;
    done(journal.startClaimed(newRun(id)));
    var answers = new ArrayList<CompletableFuture<Void>>();
    for (int n = 0; n < count; n++) {
      List<Entry> entries = List.of(new Entry.RunClaimed("entry " + n));
      answers.add(
          journal.append(
              new Append(
                  new RunId(id), 1, n + 1, now, entries, List.of(), List.of(), Optional.empty())));
    }
    answers.forEach(PostgresBatchTest::done);
  }

  @Test
  void ofTwoWorkersThatReserveAFactOneIsGrantedIt() {
    for (int round = 0; round < 10; round++) {
      String name = "pay " + round;
      Claim own = claimed("own-" + round);
      var start = (Start.Fresh) done(theirs.startClaimed(newRun("other-" + round)));
      Claim other = start.claim().orElseThrow();

      CompletableFuture<Entry> here = mine.reserve(reservation(own, name));
      CompletableFuture<Entry> there = theirs.reserve(reservation(other, name));

      assertThat(List.of(done(here), done(there)))
          .containsExactlyInAnyOrder(new Entry.RunClaimed("granted"), MARKER);
      assertThat(mine.fact(name)).isEqualTo(theirs.fact(name)).isPresent();
    }
  }

  @Test
  void whoParksForAFactThatTheOtherWorkerGivesUpIsReadyWhicheverComesFirst() {
    for (int round = 0; round < 10; round++) {
      String name = "pay " + round;
      Claim holder = claimed("holder-" + round);
      done(mine.reserve(reservation(holder, name)));
      var start = (Start.Fresh) done(theirs.startClaimed(newRun("waiter-" + round)));
      Claim waiter = start.claim().orElseThrow();
      Fact happened = fact(holder.run(), name).happened(Payload.NULL);

      CompletableFuture<Void> parks =
          theirs.append(
              append(waiter, 1, List.of(), List.of(), Optional.of(parked(Optional.of(name)))));
      CompletableFuture<Void> frees =
          mine.append(append(holder, 2, List.of(), List.of(happened), Optional.empty()));
      done(parks);
      done(frees);

      assertThat(claimed(theirs, 10)).containsExactly("waiter-" + round);
    }
  }

  @Test
  void whoParksForAFactThatTheSameBatchGivesUpIsReadyInEitherOrder() throws SQLException {
    Claim holder = claimed("holder");
    done(mine.reserve(reservation(holder, "pay")));
    Claim early = claimed("early");
    Claim late = claimed("late");
    Optional<Release> awaiting = Optional.of(parked(Optional.of("pay")));
    Fact happened = fact(holder.run(), "pay").happened(Payload.NULL);

    List<CompletableFuture<Void>> answers =
        inOneBatch(
            List.of(
                () -> mine.append(append(early, 1, List.of(), List.of(), awaiting)),
                () ->
                    mine.append(append(holder, 2, List.of(), List.of(happened), Optional.empty())),
                () -> mine.append(append(late, 1, List.of(), List.of(), awaiting))));

    answers.forEach(PostgresBatchTest::done);
    assertThat(claimed(theirs, 10)).contains("early", "late");
  }

  @Test
  void largeAndSmallAppendsOfOneMomentAllArrive() {
    Claim large = claimed("large");
    Claim small = claimed("small");
    var text = new Payload("\"" + "0123456789abcdef".repeat(1 << 17) + "\"");
    var answers = new ArrayList<CompletableFuture<Void>>();
    for (int n = 1; n <= 6; n++) {
      answers.add(mine.append(append(small, n)));
      List<Entry> entries = List.of(new Entry.RunCompleted(text));
      answers.add(
          mine.append(
              new Append(large.run(), 1, n, now, entries, List.of(), List.of(), Optional.empty())));
    }

    answers.forEach(PostgresBatchTest::done);

    assertThat(sequences(small.run())).hasSize(7);
    assertThat(theirs.last(large.run()).map(Recorded::entry))
        .contains(new Entry.RunCompleted(text));
  }

  @Test
  void mailOfEveryKindOfTextIsKept() {
    Claim claim = claimed("r");
    try (var client = store.journalClient()) {
      for (String text :
          List.of("\0", "a\0b", "\uD83D", "\uDE00 half", "\\u0000", "\uD83D\uDE00")) {
        Message message = new Message.Signal("go", text, new Payload("\"x\""), "bob " + text, text);
        done(mine.send(claim.run(), message));
        done(client.send(claim.run(), message));
        List<Message.Mail> mail = theirs.mail(claim.run());
        assertThat(mail.reversed().subList(0, 2))
            .extracting(Message.Mail::message)
            .containsOnly(message);
      }
    }
  }

  @Test
  void aClaimAfterTheOtherWorkerEndedGoesOnWhereThatOneStopped() {
    var start = (Start.Fresh) done(theirs.startClaimed(newRun("r")));
    Claim their = start.claim().orElseThrow();
    done(theirs.append(append(their, 1)));
    assertThat(done(mine.claim(their.run(), now))).isEmpty();

    theirs.close();

    assertThat(done(mine.claim(their.run(), Instant.now())))
        .contains(new Claim(their.run(), WORKFLOW, 2, 2, 0));
    assertThat(failure(mine.append(append(their, 2)))).isInstanceOf(Fenced.class);
    done(mine.append(append(new Claim(their.run(), WORKFLOW, 2, 2), 2)));
  }

  @Test
  void aWorkerThatClosedTakesNothingMore() {
    mine.close();

    assertThat(failure(mine.start(newRun("r")))).hasMessageContaining("is closed");
    assertThat(failure(mine.claim(WORKFLOWS, now, 1))).hasMessageContaining("is closed");
    assertThatThrownBy(() -> mine.find(new RunId("r"))).hasMessageContaining("is closed");
    assertThat(theirs.find(new RunId("r"))).isEmpty();
  }
}
