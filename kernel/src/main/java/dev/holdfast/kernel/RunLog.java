package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.kernel.spi.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where one activation writes: numbers its entries and knows when all of them are durable. */
final class RunLog {
  /** More entries than this are never on their way at once, so that memory stays bounded. */
  private static final int UNDER_WAY_MAX = 1_024;

  private final Journal journal;
  private final Claim claim;
  private final Clock clock;
  private final Seals seals;
  private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);
  private long nextSequence;
  private long durableBefore;

  RunLog(Journal journal, Claim claim, Clock clock) {
    this.journal = journal;
    this.claim = claim;
    this.clock = clock;
    this.seals = new Seals(claim.gaps());
    this.nextSequence = claim.nextSequence();
    this.durableBefore = nextSequence;
  }

  RunId run() {
    return claim.run();
  }

  /** What a replay of this run need not read. */
  List<Claim.Gap> gaps() {
    return claim.gaps();
  }

  /** What turns cover so far; wants to see what was read, too. */
  Seals seals() {
    return seals;
  }

  long epoch() {
    return claim.epoch();
  }

  /** Queues an entry and returns at once. */
  Recorded append(Entry entry) {
    return append(entry, List.of());
  }

  /** Queues an entry together with rows of the ledger. */
  Recorded append(Entry entry, List<Fact> facts) {
    return append(entry, List.of(), facts, Optional.empty());
  }

  /**
   * Queues an entry together with rows of the ledger.
   *
   * @param fenced called on any thread where the run was taken over before they were durable; the
   *     refusal is passed on once its future is done
   */
  synchronized Recorded append(
      Entry entry, List<Fact> facts, Supplier<CompletableFuture<Void>> fenced) {
    Recorded recorded = append(entry, facts);
    tail =
        tail.exceptionallyCompose(refusal ->
            isFence(refusal)
                ? fenced.get().thenCompose(none -> CompletableFuture.failedFuture(refusal))
                : CompletableFuture.failedFuture(refusal));
    return recorded;
  }

  private static boolean isFence(Throwable refusal) {
    return refusal instanceof Fenced || refusal.getCause() instanceof Fenced;
  }

  /** Queues an entry that journals mail. */
  Recorded receive(Entry entry, long consumed, List<Fact> facts) {
    return append(entry, List.of(consumed), facts, Optional.empty());
  }

  /** Queues the last entry of this claim. */
  void release(Entry entry, List<Fact> facts, Release release) {
    append(entry, List.of(), facts, Optional.of(release));
  }

  /** Queues the entry that the ledger's row of that fact leads to. */
  synchronized CompletableFuture<Recorded> reserve(
      String fact, Function<Optional<Fact>, Reservation.Decision> decide) {
    Instant now = clock.now();
    long sequence = nextSequence++;
    CompletableFuture<Entry> written =
        submitted(() ->
            journal.reserve(
                new Reservation(claim.run(), claim.epoch(), sequence, now, fact, decide)));
    tail = written.thenApply(entry -> null);
    return written.thenApply(entry -> {
      seals.written(sequence, entry);
      return new Recorded(sequence, claim.epoch(), now, entry);
    });
  }

  private synchronized Recorded append(
      Entry entry, List<Long> consumed, List<Fact> facts, Optional<Release> release) {
    Instant now = clock.now();
    var recorded = new Recorded(nextSequence++, claim.epoch(), now, entry);
    Optional<List<Claim.Gap>> gaps = seals.written(recorded.sequence(), entry);
    tail =
        submitted(() ->
            journal.append(
                new Append(
                    claim.run(),
                    claim.epoch(),
                    recorded.sequence(),
                    now,
                    List.of(entry),
                    consumed,
                    facts,
                    release,
                    gaps)));
    return recorded;
  }

  /** A refusal must reach the next barrier and not user code, which could swallow it. */
  private static <T> CompletableFuture<T> submitted(Supplier<CompletableFuture<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Done once everything that was queued so far is durable. */
  synchronized CompletableFuture<Void> durable() {
    return tail;
  }

  /** Whether so much is under way that the writer must be waited for. */
  synchronized boolean isCrowded() {
    if (nextSequence - durableBefore < UNDER_WAY_MAX) {
      return false;
    }
    durableBefore = nextSequence;
    return true;
  }
}
