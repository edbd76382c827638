package dev.holdfast.kernel.spi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How an engine and the branches of its runs share threads, and how they wait. */
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

  /** Starts what an engine does as long as it lives, where no run can keep it from its thread. */
  default Thread attend(String name, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(work);
    thread.start();
    return thread;
  }

  /**
   * Waits until the future is done in whatever way, at most that long by the machine's time.
   *
   * @param atMost 0 to 100 years
   * @return whether it is done
   */
  default boolean awaitAtMost(CompletableFuture<?> future, Duration atMost)
      throws InterruptedException {
    try {
      future.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException failed) {
      return true;
    } catch (TimeoutException notYet) {
      return false;
    }
  }

  /**
   * Completes the future with that value once so much of the machine's time is over, unless it is
   * done by then.
   *
   * @param delay 0 to 100 years
   */
  default <T> void completeAfter(CompletableFuture<T> future, @Nullable T value, Duration delay) {
    future.completeOnTimeout(value, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
