package dev.holdfast.kernel;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits that nobody may cut short but the end of the engine; by the machine's time, whatever clock
 * its runs have. An interrupt is kept for whoever comes after the wait.
 *
 * @param goesOn whether the engine does; asked before each further wait
 */
record Patience(Scheduler scheduler, BooleanSupplier goesOn) {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** How long to rest after that many failures in a row: 50 ms doubling to 1 s. */
  static Duration after(int failures) {
    Duration rest = FIRST.multipliedBy(1L << Math.clamp(failures - 1L, 0, 5));
    return rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
  }

  /**
   * What a store answers that may be away for a while.
   *
   * @throws StoreFailed.Unavailable where it is away and the engine ends
   */
  <T> T reading(Supplier<T> read) {
    for (int failures = 1; ; failures++) {
      try {
        return read.get();
      } catch (StoreFailed.Unavailable away) {
        if (!goesOn.getAsBoolean()) {
          throw away;
        }
      }
      await(Watch.doneAfter(scheduler, after(failures)));
    }
  }

  /** Whether that came before the end of the engine. */
  boolean await(CompletableFuture<Void> future) {
    boolean interrupted = false;
    try {
      while (!future.isDone() && goesOn.getAsBoolean()) {
        interrupted |= isInterruptedWhile(future);
      }
      return future.isDone();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isInterruptedWhile(CompletableFuture<Void> future) {
    try {
      scheduler.await(future);
      return false;
    } catch (CompletionException e) {
      return Thread.interrupted();
    }
  }
}
