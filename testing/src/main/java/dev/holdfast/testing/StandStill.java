package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Announces the kill point and holds the thread that arrived there. */
final class StandStill implements FaultPoints {
  /** How long a child waits for its end before it ends itself. */
  static final Duration STANDING_MAX = Duration.ofMinutes(2);

  private final KillPoint point;
  private final PrintStream out;
  private final AtomicInteger visits = new AtomicInteger();

  StandStill(KillPoint point, PrintStream out) {
    this.point = point;
    this.out = out;
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    if (point.matches(boundary, path) && visits.incrementAndGet() == point.visit()) {
      out.println(new KillPoint.Arrival(boundary, run, path).announcement());
      out.flush();
      stand();
    }
  }

  /** Interrupts are ignored: a thread that is about to be killed has no orderly way on. */
  private static void stand() {
    long deadline = System.nanoTime() + STANDING_MAX.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        Thread.sleep(Duration.ofNanos(deadline - System.nanoTime()));
      } catch (InterruptedException goesOnStanding) {
        Thread.onSpinWait();
      }
    }
    Runtime.getRuntime().halt(ChildJvm.EXIT_ABANDONED);
  }
}
