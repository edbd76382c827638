package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the laws of a journal are written with. */
abstract class JournalFixture {
  static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  static final Set<WorkflowKey> WORKFLOWS = Set.of(WORKFLOW);
  static final Message RESUME = new Message.Resume("anna", "fixed");
  private static final int DEADLINE_SECONDS = 60;

  /** A time that a store of microseconds can keep. */
  final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  private final List<Journal> opened = new ArrayList<>();
  Journal journal;

  /**
   * Opens the journal under test. Each test begins with an empty one; every further call within one
   * test opens the same data again, after the journal before was closed or abandoned.
   */
  protected abstract Journal open() throws Exception;

  @BeforeEach
  void openFirst() throws Exception {
    journal = opened();
  }

  @AfterEach
  void closeAll() {
    opened.reversed().forEach(Journal::close);
  }

  final Journal opened() throws Exception {
    Journal another = open();
    opened.add(another);
    return another;
  }

  static <T> T done(CompletableFuture<T> future) {
    try {
      return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError("The future failed unexpectedly.", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("The future was not done within the deadline.", e);
    }
  }

  static Throwable failureOf(CompletableFuture<?> future) {
    Throwable failure = catchThrowable(() -> done(future));
    assertThat(failure).as("the failure of the future").isNotNull();
    return failure;
  }

  NewRun newRun(String id) {
    return newRun(id, WORKFLOW);
  }

  NewRun newRun(String id, WorkflowKey workflow) {
    return new NewRun(new RunId(id), workflow, new Payload("{\"order\":\"17\"}"), "d1g", now);
  }

  /** A run through that queue. */
  NewRun queued(String id, String queue) {
    return admitted(id, now, Optional.of(queue), Optional.empty(), Optional.empty());
  }

  /** A run in that session. */
  NewRun inSession(String id, String session) {
    return admitted(id, now, Optional.empty(), Optional.empty(), Optional.of(session));
  }

  NewRun admitted(
      String id,
      Instant readyAt,
      Optional<String> queue,
      Optional<String> deduplication,
      Optional<String> session) {
    NewRun run = newRun(id);
    return new NewRun(
        run.id(),
        run.workflow(),
        run.input(),
        run.inputDigest(),
        run.at(),
        readyAt,
        queue,
        deduplication,
        session);
  }

  /** Starts a run and claims it. */
  Claim claimed(String id) {
    var start = (Start.Fresh) done(journal.startClaimed(newRun(id)));
    return start.claim().orElseThrow();
  }

  Claim claimAgain(String id, Instant at) {
    return done(journal.claim(WORKFLOWS, at, 1_000)).stream()
        .filter(claim -> claim.run().text().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Run " + id + " was not claimed."));
  }

  /** Claims what can be claimed, at most that many. */
  List<Claim> claims(Instant at, int countMax) {
    return done(journal.claim(WORKFLOWS, at, countMax));
  }

  List<String> claimable(Instant at) {
    return done(journal.claim(WORKFLOWS, at, 1_000)).stream().map(c -> c.run().text()).toList();
  }

  /** An append of those entries at the claim's beginning. */
  Append append(Claim claim, Entry... entries) {
    return append(claim, claim.nextSequence(), entries);
  }

  Append append(Claim claim, long sequence, Entry... entries) {
    return new Append(
        claim.run(),
        claim.epoch(),
        sequence,
        now,
        List.of(entries),
        List.of(),
        List.of(),
        Optional.empty());
  }

  Append releasing(Claim claim, Status status, Optional<Instant> readyAt) {
    return releasing(claim, List.of(), new Release(status, readyAt));
  }

  Append releasing(Claim claim, List<Long> consumed, Release release) {
    return new Append(
        claim.run(),
        claim.epoch(),
        claim.nextSequence(),
        now,
        List.of(marker("release")),
        consumed,
        List.of(),
        Optional.of(release));
  }

  /** Starts, claims and releases a run. */
  RunId standing(String id, Status status, Optional<Instant> readyAt) {
    Claim claim = claimed(id);
    done(journal.append(releasing(claim, status, readyAt)));
    return claim.run();
  }

  RunState state(RunId run) {
    return journal.find(run).orElseThrow(() -> new AssertionError("There is no run " + run));
  }

  List<Entry> entries(RunId run) {
    return journal.entries(run, 0, 100_000).stream().map(Recorded::entry).toList();
  }

  static Entry marker(String text) {
    return new Entry.RunClaimed(text);
  }
}
