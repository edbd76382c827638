package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness.Crash;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Holds the thread that reaches the n-th boundary until a crash interrupts it. */
final class Trap implements FaultPoints {
  private static final long LOOK_MILLIS = 1;

  private final int number;
  private final AtomicInteger reached = new AtomicInteger();
  private final AtomicReference<Optional<Crash>> crash = new AtomicReference<>(Optional.empty());
  private final CountDownLatch struck = new CountDownLatch(1);

  Trap(int number) {
    this.number = number;
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    if (reached.incrementAndGet() != number) {
      return;
    }
    crash.set(Optional.of(new Crash(number, boundary, path)));
    struck.countDown();
    try {
      Thread.sleep(StandStill.STANDING_MAX);
      throw new IllegalStateException("Nobody crashed the engine that stood at " + path + ".");
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  /** The crash, once it struck. */
  Optional<Crash> crash() {
    return crash.get();
  }

  /** Waits until the boundary is reached (true) or the drive has ended before (false). */
  boolean awaitCrashOr(FutureTask<Void> driving, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (System.nanoTime() < end) {
      if (struck.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (driving.isDone()) {
        return struck.getCount() == 0;
      }
    }
    throw new IllegalStateException(
        "The drive neither ended nor reached boundary %d within %s; it reached %d."
            .formatted(number, deadline, reached.get()));
  }

  String describe() {
    return crash
        .get()
        .map(at ->
            "with a crash at boundary %d (%s of %s)".formatted(number, at.boundary(), at.path()))
        .orElse("before boundary %d, without a crash".formatted(number));
  }
}
