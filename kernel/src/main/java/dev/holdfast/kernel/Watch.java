package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for runs that this process executes; others look again by themselves. */
final class Watch {
  private final Map<RunId, CompletableFuture<Optional<Entry>>> waiting = new ConcurrentHashMap<>();

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
