package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers of one store, and what they are asked to write. */
abstract class PostgresWriterFixture {
  static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  static final Message RESUME = new Message.Resume("anna", "fixed");

  /** So long that no batch is written for the lease alone. */
  static final Duration LEASE = Duration.ofHours(1);

  @RegisterExtension final TestDatabase database = new TestDatabase();
  final CountedRollbacks rollbacks = new CountedRollbacks();
  final List<PostgresJournal> opened = new ArrayList<>();
  PostgresJournal journal;

  @BeforeEach
  void open() {
    journal = another();
  }

  PostgresJournal another() {
    PostgresConnections plain = database.connections();
    var connections =
        new PostgresConnections(
            rollbacks.of(plain.source()), plain.durability(), plain.answerMax(), plain.outageMax());
    var journal =
        PostgresJournal.open(connections, "test", LEASE, Optional.empty(), Optional.empty());
    opened.add(journal);
    return journal;
  }

  @AfterEach
  void close() {
    opened.forEach(PostgresJournal::close);
  }

  Claim started(String id) throws Exception {
    var fresh = (Start.Fresh) done(journal.startClaimed(newRun(id)));
    return fresh.claim().orElseThrow();
  }

  static NewRun newRun(String id) {
    return new NewRun(new RunId(id), WORKFLOW, Payload.NULL, "d1g", Instant.now());
  }

  static Append append(Claim claim, long sequence) {
    return append(claim, sequence, Instant.now());
  }

  static Append append(Claim claim, long sequence, Instant at) {
    return append(claim, sequence, at, marker());
  }

  static Append append(Claim claim, long sequence, Instant at, Entry entry) {
    return new Append(
        claim.run(), 1, sequence, at, List.of(entry), List.of(), List.of(), Optional.empty());
  }

  static Entry marker() {
    return marker("worker");
  }

  static Entry marker(String text) {
    return new Entry.RunClaimed(text);
  }

  static Fact free(String name, Claim claim) {
    var path = new StepPath("effect:pay#0");
    return new Fact(name, 0, Fact.State.FREE, claim.run(), path, "d1g", Payload.NULL, Payload.NULL);
  }

  /** Counts in the row the reservations that took effect. */
  static Reservation counting(Claim claim, long sequence, Runnable asked) {
    return counting("count", claim, sequence, asked);
  }

  static Reservation counting(String name, Claim claim, long sequence, Runnable asked) {
    return new Reservation(
        claim.run(),
        1,
        sequence,
        Instant.now(),
        name,
        row -> {
          asked.run();
          Fact next = row.orElse(free(name, claim)).refused();
          return new Reservation.Decision(marker(), Optional.of(next));
        });
  }

  static Reservation holding(Claim claim, String name) {
    Fact held = free(name, claim).in(Fact.State.HELD);
    return new Reservation(
        claim.run(),
        claim.epoch(),
        claim.nextSequence(),
        Instant.now(),
        name,
        row -> new Reservation.Decision(marker(), Optional.of(held)));
  }

  static void pass(CountDownLatch arrived, CountDownLatch gate) {
    arrived.countDown();
    await(gate);
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void allDone(List<CompletableFuture<Void>> futures) throws Exception {
    for (CompletableFuture<Void> future : futures) {
      done(future);
    }
  }

  static <T> T done(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
