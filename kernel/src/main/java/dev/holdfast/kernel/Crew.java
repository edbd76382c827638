package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** The threads that work for one engine, so that none outlives it unnoticed. */
final class Crew {
  private final ReentrantLock lock = new ReentrantLock();
  private final Scheduler scheduler;
  private final Map<Thread, Integer> members = new HashMap<>();
  private CompletableFuture<Void> gone = new CompletableFuture<>();
  private boolean dismissed;

  Crew(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The same work, with its thread counted while it runs. */
  Runnable member(Runnable work) {
    return () -> {
      if (!hasJoined()) {
        return;
      }
      try {
        work.run();
      } finally {
        leave();
      }
    };
  }

  private boolean hasJoined() {
    lock.lock();
    try {
      if (!dismissed) {
        members.merge(Thread.currentThread(), 1, Integer::sum);
      }
      return !dismissed;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      members.computeIfPresent(Thread.currentThread(), (self, jobs) -> jobs == 1 ? null : jobs - 1);
      if (members.isEmpty()) {
        gone.complete(null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the members' interrupts mean that the engine is gone. */
  boolean isDismissed() {
    lock.lock();
    try {
      return dismissed;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts everyone and waits until they are gone; false where some are not by then. */
  boolean dismiss(Duration patience) {
    lock.lock();
    try {
      dismissed = true;
      members.keySet().forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
    return awaitEmpty(patience);
  }

  /** Waits by the machine's time: threads end in it, whatever clock their runs live by. */
  boolean awaitEmpty(Duration patience) {
    try {
      boolean inTime = true;
      while (inTime && !isEmpty()) {
        inTime = scheduler.awaitAtMost(whenEmpty(), patience);
      }
      return inTime;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private CompletableFuture<Void> whenEmpty() {
    lock.lock();
    try {
      if (members.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      gone = gone.isDone() ? new CompletableFuture<>() : gone;
      return gone;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    lock.lock();
    try {
      return members.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
