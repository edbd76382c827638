package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
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
   */
  CompletableFuture<List<Claim>> claim(Set<WorkflowKey> workflows, Instant now, int countMax);

  /**
   * Queues entries behind everything queued before; they are durable when the future completes.
   *
   * <p>The future fails with {@link Fenced} where the epoch is no longer the run's, and with {@link
   * dev.holdfast.journal.StoreFailed} where the commit's outcome is lost or the store has failed.
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
   * Stops at once as an abrupt end of the process would: what is queued is dropped, the lock is
   * released, every later call fails. For tests.
   */
  void abandon();
}
