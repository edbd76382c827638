package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Holds the thread that reaches the n-th of some boundaries, so that a test can crash there. */
final class Strike implements FaultPoints {
  /** Where a run is. */
  record Point(Boundary boundary, RunId run, StepPath path) {}

  private final Predicate<Point> wanted;
  private final int number;
  private final AtomicInteger reached = new AtomicInteger();
  private final CountDownLatch struck = new CountDownLatch(1);
  private volatile String where = "nowhere";

  private Strike(Predicate<Point> wanted, int number) {
    this.wanted = wanted;
    this.number = number;
  }

  /** At the n-th boundary of any kind, counted from 1. */
  static Strike at(int number) {
    return new Strike(point -> true, number);
  }

  /** At the first boundary of that kind on a step of that name; empty for the run itself. */
  static Strike at(Boundary boundary, String name) {
    return at(boundary, name, 1);
  }

  static Strike at(Boundary boundary, String name, int number) {
    return new Strike(
        point -> point.boundary() == boundary && point.path().name().equals(name), number);
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    var point = new Point(boundary, run, path);
    if (!wanted.test(point) || reached.incrementAndGet() != number) {
      return;
    }
    where = point.toString();
    struck.countDown();
    try {
      Thread.sleep(Stage.PATIENCE);
      throw new AssertionError("Nobody crashed the engine that stood at " + where + ".");
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the boundary is reached within that time. */
  boolean strikesWithin(Duration duration) {
    try {
      return struck.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** Waits for the boundary and crashes the engine there. */
  void crash(Engine engine) {
    if (!strikesWithin(Stage.PATIENCE)) {
      throw new AssertionError("The boundary was not reached: " + this);
    }
    engine.crash();
  }

  @Override
  public String toString() {
    return "boundary %d of %d at %s".formatted(reached.get(), number, where);
  }
}
