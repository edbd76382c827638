package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness.Crash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Notes every boundary, and holds the thread that reaches a chosen one until it is interrupted. */
final class Trap implements FaultPoints {
  private static final long LOOK_MILLIS = 1;
  private static final int NEVER = 0;

  private record Place(Boundary boundary, RunId run, StepPath path) {}

  private final Optional<Crash> chosen;
  private final int count;
  private final AtomicReference<@Nullable Crash> sprung = new AtomicReference<>();
  private final Map<Place, Integer> visits = new ConcurrentHashMap<>();
  private final List<Crash> reached = new CopyOnWriteArrayList<>();
  private final AtomicInteger arrivals = new AtomicInteger();
  private final CountDownLatch struck = new CountDownLatch(1);
  private volatile boolean disarmed;

  private Trap(Optional<Crash> chosen, int count) {
    this.chosen = chosen;
    this.count = count;
  }

  /** Holds nobody. */
  static Trap none() {
    return new Trap(Optional.empty(), NEVER);
  }

  static Trap at(Crash crash) {
    return new Trap(Optional.of(crash), NEVER);
  }

  /** Holds whoever reaches the n-th boundary, counted from 1. */
  static Trap after(int count) {
    return new Trap(Optional.empty(), count);
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    if (disarmed) {
      return;
    }
    int visit = visits.merge(new Place(boundary, run, path), 1, Integer::sum);
    var here = new Crash(boundary, run, path, visit);
    reached.add(here);
    if (chosen.equals(Optional.of(here)) || arrivals.incrementAndGet() == count) {
      sprung.set(here);
      struck.countDown();
      hold(here);
    }
  }

  private static void hold(Crash here) {
    try {
      Thread.sleep(StandStill.STANDING_MAX);
      throw new IllegalStateException("Nobody crashed the engine that stood at " + here + ".");
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every arrival until the crash, in order. */
  List<Crash> reached() {
    return List.copyOf(reached);
  }

  /** The place that it struck at, if it was reached. */
  Optional<Crash> struck() {
    return Optional.ofNullable(sprung.get());
  }

  /** Waits until the chosen place is reached (true) or the drive has ended before (false). */
  boolean awaitCrashOr(FutureTask<Void> driving, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (System.nanoTime() < end) {
      if (struck.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        disarmed = true;
        return true;
      }
      if (driving.isDone()) {
        disarmed = true;
        return struck.getCount() == 0;
      }
    }
    throw new IllegalStateException(
        "The drive neither ended nor reached its crash within %s; it reached %d boundaries."
            .formatted(deadline, reached.size()));
  }

  @Override
  public String toString() {
    return struck()
        .or(() -> chosen)
        .map(at ->
            "with a crash at visit %d of %s of '%s' in %s%s"
                .formatted(at.visit(), at.boundary(), at.path(), at.run(), counted()))
        .orElseGet(() -> "without a crash" + counted());
  }

  private String counted() {
    return count == NEVER ? "" : ", boundary %d".formatted(count);
  }
}
