package dev.holdfast.testing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Counts how many threads are inside at the same time, and the most that ever were. */
final class Gate {
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger entered = new AtomicInteger();

  <T> T within(Supplier<T> body) {
    entered.incrementAndGet();
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    try {
      LockSupport.parkNanos(100_000);
      return body.get();
    } finally {
      inside.decrementAndGet();
    }
  }

  /** The most that were inside at the same time. */
  int most() {
    return most.get();
  }

  /** How often somebody went in. */
  int entered() {
    return entered.get();
  }
}
