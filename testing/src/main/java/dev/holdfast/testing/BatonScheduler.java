package dev.holdfast.testing;

import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One worker's threads under the baton. */
record BatonScheduler(Turns turns, String worker) implements Scheduler {
  @Override
  public Thread start(String name, Runnable root) {
    return turns.start(worker, name, root);
  }

  @Override
  public Thread attend(String name, Runnable work) {
    return turns.start(worker, name, work);
  }

  @Override
  public void branches(String name, List<Runnable> branches) {
    var threads = new ArrayList<Thread>();
    var ends = new ArrayList<CompletableFuture<Void>>();
    for (Runnable branch : branches) {
      var end = new CompletableFuture<Void>();
      ends.add(end);
      threads.add(turns.start(worker, name + "-" + threads.size(), () -> ended(branch, end)));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    turns.awaitAnyway(all, () -> threads.forEach(Thread::interrupt));
  }

  private static void ended(Runnable branch, CompletableFuture<Void> end) {
    try {
      branch.run();
    } finally {
      end.complete(null);
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> future) {
    try {
      turns.await(future, Turns.NEVER, false);
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException("The waiting branch was interrupted.", e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  @Override
  public boolean awaitAtMost(CompletableFuture<?> future, Duration atMost)
      throws InterruptedException {
    return turns.await(future, Turns.nanos(atMost), true);
  }

  @Override
  public <T> void completeAfter(CompletableFuture<T> future, @Nullable T value, Duration delay) {
    turns.after(delay, future::isDone, () -> future.complete(value));
  }
}
