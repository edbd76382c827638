package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The append-only store of an executing process; safe for many threads.
 *
 * <p>What a completed future promised survives what the store's durability mode names. Appends of
 * one run take effect in the order of their calls; none is skipped.
 *
 * <p>A store that can be away for a while answers reads, and requests that it knows not to have
 * happened, with {@link dev.holdfast.journal.StoreFailed.Unavailable}; every other {@link
 * dev.holdfast.journal.StoreFailed} is the end of this journal.
 *
 * <p>A process that lost its runs may still {@link #send} and {@link #settle}: neither needs a
 * claim.
 */
public interface Journal extends JournalClient {
  /**
   * Accepts a run as {@link #start} does and claims it for this process in the same transaction
   * where it is new.
   *
   * <p>The future fails with {@link IllegalArgumentException} for one that is not {@link
   * NewRun#isAtOnce at once}.
   */
  CompletableFuture<Start> startClaimed(NewRun run);

  /**
   * Claims runs of those workflows that are ready by {@code now} or whose owner is gone: one
   * statement, epoch + 1 each. The claims are durable when the future completes.
   *
   * <p>Those that are ready longest come first. Of each queue no more than its concurrency allows,
   * over all workers and in this process; a run whose owner is gone keeps its place.
   *
   * <p>Where an owner died, the claim of its run counts one death more than the claim before did,
   * or than none since the run had an outcome. An owner that closed its journal did not die; one
   * that was taken over and lives takes the death back that was counted for it.
   */
  CompletableFuture<List<Claim>> claim(Set<WorkflowKey> workflows, Instant now, int countMax);

  /**
   * Queues entries behind everything queued before; they are durable when the future completes.
   *
   * <p>The future fails with {@link Fenced} where the epoch is no longer the run's, and with {@link
   * dev.holdfast.journal.StoreFailed} where the commit's outcome is lost or the store has failed:
   * after either, others may claim the run. A store that is away for a while fails nothing that it
   * took; it tries again until the entries are durable or this process is fenced.
   */
  CompletableFuture<Void> append(Append append);

  /**
   * Queues an entry that depends on a fact of the ledger, behind everything queued before; entry
   * and row are durable together when the future completes with the entry that was written.
   *
   * <p>The future fails as that of {@link #append} does.
   */
  CompletableFuture<Entry> reserve(Reservation reservation);

  /**
   * Claims that run, whatever its workflow, where it is ready by {@code now} or its owner is gone
   * and its queue has room; durable when the future completes.
   */
  CompletableFuture<Optional<Claim>> claim(RunId run, Instant now);

  /**
   * Done while this process may begin something outside for a run under that claim; asked before
   * every call of an effect.
   *
   * <p>Where two thirds of its lease are over without a renewal, it is done once the lease is
   * renewed, and fails with {@link Fenced} where it is lost. Never throws. A process that holds a
   * lock for as long as it lives may always.
   */
  default CompletableFuture<Void> lease(RunId run, long epoch) {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * How long after a takeover the process before may still have begun something: the longest time
   * that its lease was good for. Zero where a run changes hands only once that process is gone.
   */
  default Duration leaseTtl() {
    return Duration.ZERO;
  }

  /**
   * Keeps that queue; the one registered last under a name counts, also for runs that wait.
   *
   * <p>The future completes once it is durable, and fails with {@link IllegalStateException} beyond
   * {@link Queue#COUNT_MAX} names.
   */
  CompletableFuture<Void> register(Queue queue);

  /** Runs that this process executes and that have mail; a cheap read. */
  List<RunId> executingWithMail();

  /**
   * The earliest time at which a run that nobody executes and whose queue has room may be claimed,
   * or {@link Instant#MAX}; a cheap read, asked many times a second.
   */
  Instant nextReady();

  /**
   * Why nothing can be written for now, if so: the facts and the remedy. What runs queued waits and
   * is written once it can be; starts and messages are refused with {@link
   * dev.holdfast.journal.StoreFailed.Unavailable} and left nothing.
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /**
   * Stops at once as an abrupt end of the process would: what is queued is dropped, the lock is
   * released, every later call fails. For tests.
   */
  void abandon();
}
