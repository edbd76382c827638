package dev.holdfast.bench;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Watches the boundaries of one run at a time: notes them all, and holds the thread that gets to a
 * chosen one until a crash interrupts it. Safe for use by many threads.
 */
final class CrashTrap implements FaultPoints {
  private static final Duration HOLD_MAX = Duration.ofMinutes(1);

  /** A place in the life of a run. */
  record Point(Boundary boundary, StepPath path) {}

  /** What is wanted of one run. */
  private static final class Watch {
    private final RunId run;
    private final Optional<Point> crashAt;
    private final List<Point> seen = new ArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(1);

    Watch(RunId run, Optional<Point> crashAt) {
      this.run = run;
      this.crashAt = crashAt;
    }

    synchronized void see(Point point) {
      seen.add(point);
    }

    synchronized List<Point> seen() {
      return List.copyOf(seen);
    }

    boolean isDue(Point point) {
      return crashAt.filter(point::equals).isPresent() && arrived.getCount() > 0;
    }
  }

  private final AtomicReference<Watch> watch =
      new AtomicReference<>(new Watch(new RunId("nobody"), Optional.empty()));

  /** From now on, notes what that run does. */
  void watch(RunId run) {
    watch.set(new Watch(run, Optional.empty()));
  }

  /** From now on, waits for that run to get there. */
  void arm(RunId run, Point point) {
    watch.set(new Watch(run, Optional.of(point)));
  }

  /** Every boundary of the watched run, in order. */
  List<Point> seen() {
    return watch.get().seen();
  }

  /** Waits until the run stands at the point it was armed for; false where the time is up. */
  boolean awaitArrival(Duration atMost) throws InterruptedException {
    return watch.get().arrived.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    Watch current = watch.get();
    if (!current.run.equals(run)) {
      return;
    }
    Point point = new Point(boundary, path);
    if (current.isDue(point)) {
      current.arrived.countDown();
      hold(point);
    } else if (current.crashAt.isEmpty()) {
      current.see(point);
    }
  }

  private static void hold(Point point) {
    try {
      Thread.sleep(HOLD_MAX);
      throw new IllegalStateException("Nobody crashed the engine that stood at " + point + ".");
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }
}
