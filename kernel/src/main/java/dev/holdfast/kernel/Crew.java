package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that work for one engine, so that none outlives it unnoticed. */
final class Crew {
  private static final Duration LOOK_EVERY = Duration.ofMillis(1);
  private final Set<Thread> members = ConcurrentHashMap.newKeySet();
  private volatile boolean dismissed;

  /** The same work, with its thread counted while it runs. */
  Runnable member(Runnable work) {
    return () -> {
      Thread self = Thread.currentThread();
      members.add(self);
      try {
        if (!dismissed) {
          work.run();
        }
      } finally {
        members.remove(self);
      }
    };
  }

  /** Whether the members' interrupts mean that the engine is gone. */
  boolean isDismissed() {
    return dismissed;
  }

  /** Interrupts everyone and waits until they are gone; false where some are not by then. */
  boolean dismiss(Clock clock, Duration patience) {
    dismissed = true;
    members.forEach(Thread::interrupt);
    return awaitEmpty(clock, patience);
  }

  boolean awaitEmpty(Clock clock, Duration patience) {
    Instant deadline = clock.now().plus(patience);
    while (!members.isEmpty()) {
      if (clock.now().isAfter(deadline)) {
        return false;
      }
      try {
        clock.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
