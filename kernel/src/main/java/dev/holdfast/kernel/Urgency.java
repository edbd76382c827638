package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Cuts short what an activation would otherwise wait for, once its run is to end: delays at once,
 * calls and pure steps under way after a grace in which their answers still count.
 */
final class Urgency {
  /** Something that may be interrupted. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    void perform() throws InterruptedException;
  }

  private final Scheduler scheduler;
  private final Set<Thread> pausing = new HashSet<>();
  private final Set<Runnable> underWay = new HashSet<>();
  private boolean isRaised;
  private boolean isCut;

  Urgency(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The run is to end; only the first call counts. */
  void raise(Duration grace) {
    synchronized (this) {
      if (isRaised) {
        return;
      }
      isRaised = true;
      pausing.forEach(Thread::interrupt);
    }
    CompletableFuture<Void> unused = Watch.doneAfter(scheduler, grace).thenRun(this::cut);
  }

  private synchronized void cut() {
    isCut = true;
    underWay.forEach(Runnable::run);
    underWay.clear();
  }

  /** Does nothing but wait, and not even that where the run is to end. */
  void pausing(Work wait) throws InterruptedException {
    Thread self = Thread.currentThread();
    synchronized (this) {
      if (isRaised) {
        return;
      }
      pausing.add(self);
    }
    try {
      wait.perform();
    } finally {
      left(self);
    }
  }

  private synchronized void left(Thread self) {
    pausing.remove(self);
    if (isRaised) {
      Thread.interrupted(); // it was meant for the wait that is over
    }
  }

  /**
   * Something begins that is to be cut once the grace is over; at once where it is.
   *
   * @param cut called at most once, on any thread
   */
  synchronized void begun(Runnable cut) {
    if (isCut) {
      cut.run();
    } else {
      underWay.add(cut);
    }
  }

  /** It is over: from now on it is not cut any more. */
  synchronized void over(Runnable cut) {
    underWay.remove(cut);
  }
}
