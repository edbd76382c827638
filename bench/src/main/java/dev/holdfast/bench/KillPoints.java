package dev.holdfast.bench;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the boundaries that a child passes, and announces the one it is to be killed at. */
final class KillPoints implements FaultPoints {
  private static final Duration STANDING_MAX = Duration.ofMinutes(2);

  private final KillOrder order;
  private final PrintStream out;
  private final AtomicInteger steps;
  private final AtomicInteger behind = new AtomicInteger();

  /** Begins with that many steps done by earlier lives. */
  KillPoints(KillOrder order, int stepsBefore, PrintStream out) {
    this.order = order;
    this.steps = new AtomicInteger(stepsBefore);
    this.out = out;
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    if (boundary == Boundary.AFTER_OUTCOME) {
      steps.incrementAndGet();
    }
    if (steps.get() >= order.steps() && behind.getAndIncrement() == order.boundaries()) {
      announce(path.kind());
      if (order.stands()) {
        stand();
      }
    }
  }

  /** A campaign that is over before its kill came waits for it. */
  void ended() {
    if (!order.equals(KillOrder.NEVER)) {
      announce("end");
      stand();
    }
  }

  private void announce(String place) {
    out.println(KillOrder.REACHED + place);
    out.flush();
  }

  private static void stand() {
    try {
      Thread.sleep(STANDING_MAX);
      throw new IllegalStateException("Nobody killed the process that was told to be killed.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
