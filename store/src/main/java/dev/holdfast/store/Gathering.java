package dev.holdfast.store;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Decides how long a writer waits for company before it begins a batch. For the writer's thread.
 *
 * <p>Whoever a batch has answered is likely to ask again in a moment. A batch that began at once
 * would leave them behind, and two halves would take turns at the disk, each at half of the batch.
 * So it waits while requests keep coming, until as many are there as it may expect, and at most for
 * a part of the time that the flush before took: what its rows took, a larger batch would not save.
 * A lone request never waits.
 */
final class Gathering {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final int LOOKS_MIN = 4;
  private static final int PART = 4;
  private static final Duration WAIT_MAX = Duration.ofMillis(2);

  private final long mostNanos;
  private int expected;
  private long waitMaxNanos;

  Gathering() {
    this(WAIT_MAX);
  }

  /** One that never waits longer than that. */
  Gathering(Duration most) {
    mostNanos = most.toNanos();
  }

  /** Notes a batch of that many requests, with others waiting at its end. */
  void answered(int requests, int waiting, long flushNanos) {
    expected = requests + waiting;
    long most = Math.min(flushNanos / PART, mostNanos);
    // A look takes that long at least, and its sleep as much again: too long for a quick flush.
    waitMaxNanos = most < LOOKS_MIN * LOOK_EVERY_NANOS ? 0 : most;
  }

  /** Returns once the batch may begin whose first request was taken from that queue. */
  void await(BlockingQueue<?> queue) {
    long begun = System.nanoTime();
    int seen = -1;
    int here = queue.size() + 1;
    while (here < expected && here > seen && System.nanoTime() - begun < waitMaxNanos) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      seen = here;
      here = queue.size() + 1;
    }
  }
}
