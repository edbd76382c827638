package dev.holdfast.kernel;

import dev.holdfast.journal.RunId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for runs that this process executes; others look again by themselves. */
final class Watch {
  private final Map<RunId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

  /** Done at the run's next change. */
  CompletableFuture<Void> next(RunId run) {
    return waiting.computeIfAbsent(run, fresh -> new CompletableFuture<>());
  }

  void changed(RunId run) {
    CompletableFuture<Void> waiter = waiting.remove(run);
    if (waiter != null) {
      waiter.complete(null);
    }
  }

  void forget(RunId run, CompletableFuture<Void> waiter) {
    waiting.remove(run, waiter);
  }
}
