package dev.holdfast.testing;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Does work in the order in which it is submitted. */
interface Commits {
  <T> CompletableFuture<T> submit(Supplier<T> work);

  /** Drops what is queued. */
  void abandon();

  /** Finishes what is queued. */
  void close();
}
