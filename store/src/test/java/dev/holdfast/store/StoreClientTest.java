package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.JournalClient;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreClientTest extends OnEveryStore {
  private static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  private static final Message RESUME = new Message.Resume("anna", "fixed");

  /** A server announces, and is looked at from time to time. */
  private static final Duration SEEN_MAX = Duration.ofSeconds(10);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
  private Journal executor;
  private JournalClient client;

  @BeforeEach
  void open() {
    executor = store.journal();
    client = store.journalClient();
  }

  @AfterEach
  void close() {
    client.close();
    executor.close();
  }

  @Test
  void aRunStartedHereIsClaimedThere() {
    assertThat(client.start(newRun("r")).join()).isEqualTo(new Start.Fresh(Optional.empty()));

    await().atMost(SEEN_MAX).until(() -> executor.nextReady().equals(now));
    assertThat(executor.claim(Set.of(WORKFLOW), now, 1).join())
        .containsExactly(new Claim(new RunId("r"), WORKFLOW, 1, 1));
    RunState state = client.find(new RunId("r")).orElseThrow();
    assertThat(state.status()).isEqualTo(Status.EXECUTING);
    assertThat(client.start(newRun("r")).join()).isEqualTo(new Start.Existing(state));
  }

  @Test
  void theBoundsOfAQueueHoldHereAndATurnIsOneForAll() {
    executor.register(Queue.of("mail").waitingMax(2)).join();

    assertThat(client.start(queued("a")).join()).isInstanceOf(Start.Fresh.class);
    assertThat(executor.start(queued("b")).join()).isInstanceOf(Start.Fresh.class);

    assertThat(client.start(queued("c")).join()).isInstanceOf(Start.QueueFull.class);
    assertThat(client.load("mail")).isEqualTo(executor.load("mail")).isPresent();
    assertThat(client.behind(new RunId("a"))).isEqualTo(1);
    assertThat(client.sessionState("anna")).isEmpty();
    assertThat(executor.claim(Set.of(WORKFLOW), now, 9).join())
        .extracting(Claim::run)
        .containsExactly(new RunId("a"));
  }

  private NewRun queued(String id) {
    return new NewRun(
        new RunId(id),
        WORKFLOW,
        Payload.NULL,
        "d1g",
        now,
        now,
        Optional.of("mail"),
        Optional.empty(),
        Optional.of("anna"));
  }

  @Test
  void mailIsSeenByTheExecutorAtOnce() {
    RunId run = inDoubt("r");
    await().atMost(SEEN_MAX).until(() -> executor.nextReady().equals(Instant.MAX));

    client.send(run, RESUME).join();

    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMillis(kind == TestStore.Kind.SQLITE ? 100 : 2_000))
        .until(() -> !executor.nextReady().isAfter(Instant.now()));
    assertThat(executor.claim(Set.of(WORKFLOW), Instant.now(), 1).join()).hasSize(1);
    assertThat(executor.mail(run)).extracting(Message.Mail::message).containsExactly(RESUME);
    assertThat(client.mail(run)).isEqualTo(executor.mail(run));
  }

  @Test
  void whatTheExecutorWritesIsSeenHere() {
    RunId run = inDoubt("r");

    assertThat(client.entries(run, 0, 10)).isEqualTo(executor.entries(run, 0, 10)).hasSize(2);
    assertThat(client.last(run)).isEqualTo(executor.last(run)).isPresent();
    assertThat(client.runs(Set.of(Status.IN_DOUBT), 0, 10)).hasSize(1);
    assertThat(client.location()).isEqualTo(executor.location());
  }

  @Test
  void manyClientsAndTheExecutorWriteAtTheSameTime() {
    try (var other = store.journalClient()) {
      var starts =
          IntStream.range(0, 60)
              .mapToObj(i -> starting(List.of(client, other, executor).get(i % 3), "r-" + i / 3))
              .toList();

      assertThat(starts.stream().map(CompletableFuture::join))
          .filteredOn(Start.Fresh.class::isInstance)
          .hasSize(20);
    }
    assertThat(executor.runs(Set.of(), 0, 100)).hasSize(20);
  }

  private CompletableFuture<Start> starting(JournalClient by, String id) {
    return CompletableFuture.supplyAsync(() -> by.start(newRun(id)).join());
  }

  @Test
  void mailForARunThatTakesNoneIsRefusedAndNothingIsKept() {
    var unknown = new RunId("unknown");
    assertThatThrownBy(() -> client.send(unknown, RESUME).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("There is no run unknown in " + client.location());
    RunId ended = standing("r", Status.COMPLETED);
    assertThatThrownBy(() -> client.send(ended, RESUME).join())
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Run r has ended (COMPLETED) and takes no Resume");
    assertThat(client.mail(ended)).isEmpty();
    // The refusals left no transaction open.
    executor.start(newRun("s")).join();
  }

  @Test
  void aFactOfARunThatEndedIsSettledHere() {
    Fact doubted = doubted("r");
    assertThat(client.facts(Fact.State.IN_DOUBT, 10)).containsExactly(doubted);
    end("r", 3);
    client.settle(doubted.refused()).join();

    assertThat(client.fact(doubted.name())).contains(doubted.refused());
    assertThat(executor.fact(doubted.name())).contains(doubted.refused());
    assertThatThrownBy(() -> client.settle(doubted.refused()).join())
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The fact 'refund[17]' is not in doubt: FREE by run r at");
    // The refusals left no transaction open.
    executor.start(newRun("s")).join();
  }

  @Test
  void aFactOfARunThatHasNotEndedIsNotSettledHere() {
    Fact doubted = doubted("r");

    assertThatThrownBy(() -> client.settle(doubted.refused()).join())
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("belongs to run r, which has not ended (EXECUTING)");

    assertThat(client.fact(doubted.name())).contains(doubted);
  }

  @Test
  void ofManyWhoSettleAFactOneDoes() {
    Fact doubted = doubted("r");
    end("r", 3);

    var settled =
        IntStream.range(0, 20)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(() -> i % 2 == 0 ? client : executor)
                    .thenCompose(by -> by.settle(doubted.happened(new Payload("" + i)))))
            .toList();

    assertThat(settled).filteredOn(StoreClientTest::isDone).hasSize(1);
    assertThat(client.facts(Fact.State.HAPPENED, 10)).hasSize(1);
  }

  private static boolean isDone(CompletableFuture<Void> future) {
    return future.handle((nothing, failure) -> failure == null).join();
  }

  @Test
  void mailForARunThatExecutesIsSeenThere() {
    executor.startClaimed(newRun("r")).join();
    assertThat(executor.executingWithMail()).isEmpty();

    client.send(new RunId("r"), RESUME).join();

    await()
        .atMost(SEEN_MAX)
        .until(() -> executor.executingWithMail().equals(List.of(new RunId("r"))));
  }

  /** A fact in doubt of a run that executes. */
  private Fact doubted(String id) {
    var run = new RunId(id);
    var path = new StepPath("effect:pay#0");
    var fact =
        new Fact("refund[17]", 0, Fact.State.HELD, run, path, "d1g", Payload.NULL, Payload.NULL);
    executor.startClaimed(newRun(id)).join();
    var decision = new Reservation.Decision(new Entry.RunClaimed("w"), Optional.of(fact));
    executor.reserve(new Reservation(run, 1, 1, now, fact.name(), row -> decision)).join();
    Fact doubted = fact.in(Fact.State.IN_DOUBT);
    append(run, 2, List.of(doubted), Optional.empty());
    return doubted;
  }

  private void end(String id, long sequence) {
    var end = new Release(Status.CANCELLED, Optional.empty());
    append(new RunId(id), sequence, List.of(), Optional.of(end));
  }

  private void append(RunId run, long sequence, List<Fact> facts, Optional<Release> release) {
    List<Entry> entries = List.of(new Entry.RunClaimed("worker"));
    executor.append(new Append(run, 1, sequence, now, entries, List.of(), facts, release)).join();
  }

  @Test
  void aClosedClientSaysSo() {
    client.close();

    assertThatThrownBy(() -> client.start(newRun("r")).join())
        .hasCauseInstanceOf(StoreFailed.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> client.find(new RunId("r")))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void aClientOutlivesTheExecutor() {
    executor.close();

    client.start(newRun("later")).join();

    assertThat(client.find(new RunId("later"))).isPresent();
  }

  private RunId inDoubt(String id) {
    return standing(id, Status.IN_DOUBT);
  }

  private RunId standing(String id, Status status) {
    var run = new RunId(id);
    executor.startClaimed(newRun(id)).join();
    append(run, 1, List.of(), Optional.of(new Release(status, Optional.empty())));
    return run;
  }

  private NewRun newRun(String id) {
    return new NewRun(new RunId(id), WORKFLOW, Payload.NULL, "d1g", now);
  }
}
