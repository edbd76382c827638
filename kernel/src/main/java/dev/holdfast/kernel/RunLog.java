package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.kernel.spi.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where one activation writes: numbers its entries and knows when all of them are durable. */
final class RunLog {
  /** More entries than this are never on their way at once, so that memory stays bounded. */
  private static final int UNDER_WAY_MAX = 1_024;

  private final Journal journal;
  private final Claim claim;
  private final Clock clock;
  private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);
  private long nextSequence;
  private long durableBefore;

  RunLog(Journal journal, Claim claim, Clock clock) {
    this.journal = journal;
    this.claim = claim;
    this.clock = clock;
    this.nextSequence = claim.nextSequence();
    this.durableBefore = nextSequence;
  }

  RunId run() {
    return claim.run();
  }

  long epoch() {
    return claim.epoch();
  }

  /** Queues an entry and returns at once. */
  Recorded append(Entry entry) {
    return append(entry, List.of());
  }

  /** Queues an entry that journals mail. */
  Recorded append(Entry entry, List<Long> consumed) {
    return append(entry, consumed, Optional.empty());
  }

  /** Queues the last entry of this claim. */
  void release(Entry entry, Release release) {
    append(entry, List.of(), Optional.of(release));
  }

  private synchronized Recorded append(
      Entry entry, List<Long> consumed, Optional<Release> release) {
    Instant now = clock.now();
    var recorded = new Recorded(nextSequence++, claim.epoch(), now, entry);
    tail =
        submitted(
            new Append(
                claim.run(),
                claim.epoch(),
                recorded.sequence(),
                now,
                List.of(entry),
                consumed,
                release));
    return recorded;
  }

  /** A refusal must reach the next barrier and not user code, which could swallow it. */
  private CompletableFuture<Void> submitted(Append append) {
    try {
      return journal.append(append);
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
