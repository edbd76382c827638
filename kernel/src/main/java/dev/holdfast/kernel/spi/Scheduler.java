package dev.holdfast.kernel.spi;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How the branches of runs share threads. */
public interface Scheduler {
  /** Starts a run's root branch and returns at once. */
  Thread start(String name, Runnable root);

  /** Runs the branches and returns once every one has ended. */
  void branches(String name, List<Runnable> branches);

  /**
   * Blocks the calling branch until the future is done; the only place at which a branch waits.
   *
   * @throws java.util.concurrent.CompletionException with the future's failure
   */
  <T> T await(CompletableFuture<T> future);
}
