package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for runs that this process executes; others look again by themselves. */
final class Watch {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private final Scheduler scheduler;
  private final Map<RunId, CompletableFuture<Optional<Entry>>> waiting = new ConcurrentHashMap<>();

  Watch(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Done at the latest when that much of the machine's time is over; 100 years are for ever. */
  static CompletableFuture<Void> doneAfter(Scheduler scheduler, Duration atMost) {
    Duration bounded = atMost.compareTo(FOR_EVER) > 0 ? FOR_EVER : atMost;
    var timeIsUp = new CompletableFuture<Void>();
    scheduler.completeAfter(timeIsUp, null, bounded.isNegative() ? Duration.ZERO : bounded);
    return timeIsUp;
  }

  /** See {@link #doneAfter(Scheduler, Duration)}. */
  CompletableFuture<Void> doneAfter(Duration atMost) {
    return doneAfter(scheduler, atMost);
  }

  /** Waits for that, or until it is time to look again; true where the caller was interrupted. */
  boolean isInterruptedWhile(CompletableFuture<?> changed) {
    try {
      scheduler.awaitAtMost(changed, LOOK_EVERY);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Done at the run's next change, with what ended it for good if that is the change. */
  CompletableFuture<Optional<Entry>> next(RunId run) {
    return waiting.computeIfAbsent(run, fresh -> new CompletableFuture<>());
  }

  void changed(RunId run, Optional<Entry> ended) {
    CompletableFuture<Optional<Entry>> waiter = waiting.remove(run);
    if (waiter != null) {
      waiter.complete(ended);
    }
  }

  void forget(RunId run, CompletableFuture<Optional<Entry>> waiter) {
    waiting.remove(run, waiter);
  }
}
