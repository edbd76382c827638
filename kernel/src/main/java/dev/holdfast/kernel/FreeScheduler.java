package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Every branch on a virtual thread of its own. */
final class FreeScheduler implements Scheduler {
  @Override
  public Thread start(String name, Runnable root) {
    return Thread.ofVirtual().name(name).start(root);
  }

  @Override
  public void branches(String name, List<Runnable> branches) {
    var threads = new ArrayList<Thread>();
    for (Runnable branch : branches) {
      threads.add(Thread.ofVirtual().name(name + "-" + threads.size()).start(branch));
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= joinedInterrupted(thread, threads);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A branch must never outlive its scope, so an interrupt is passed on and the wait goes on. */
  private static boolean joinedInterrupted(Thread thread, List<Thread> all) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        all.forEach(Thread::interrupt);
      }
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException("The waiting branch was interrupted.", e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }
}
