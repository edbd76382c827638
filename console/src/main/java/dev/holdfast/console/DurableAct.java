package dev.holdfast.console;

import dev.holdfast.examples.OrderDeskProcess;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The second act: the same agent on Holdfast, killed at each point of a plan and resumed. */
final class DurableAct {
  /** A real model may take long to answer. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Narrator narrator;
  private final DemoWorld world;
  private final Path store;
  private final List<String> arguments;
  private final DoubtScene doubts;
  private int kills;

  DurableAct(Narrator narrator, DemoWorld world, Path store, DoubtScene doubts) {
    this.narrator = narrator;
    this.world = world;
    this.store = store;
    this.doubts = doubts;
    this.arguments = new ArrayList<>(List.of(store.toString()));
  }

  /** Plays the run of that order to its end; for a real model, its name and base URL. */
  void play(String order, List<String> model) {
    narrator.title("2  The same agent on Holdfast");
    arguments.addAll(List.of(world.address(), world.stock().toString(), order));
    arguments.addAll(model);
    for (KillPoint point : KillPlan.POINTS) {
      if (!killAt(point)) {
        return;
      }
    }
    finish();
  }

  int kills() {
    return kills;
  }

  /** Whether the run goes on; false where it got to its end without coming by that point. */
  private boolean killAt(KillPoint point) {
    if (point.equals(KillPlan.AFTER_LOST_ANSWER)) {
      world.bankLosesNextAnswer();
    }
    boolean isOver = false;
    while (!isOver) {
      long start = System.nanoTime();
      try (var child = ChildJvm.start(OrderDeskProcess.class, arguments, Optional.of(point))) {
        Optional<KillPoint.Arrival> arrival = child.awaitArrival(DEADLINE);
        if (arrival.isPresent()) {
          child.kill();
          kills++;
          say(child, arrival.get(), point, System.nanoTime() - start);
          return true;
        }
        isOver = hasEnded(child);
      }
    }
    return false;
  }

  private void finish() {
    boolean isOver = false;
    while (!isOver) {
      try (var child = ChildJvm.start(OrderDeskProcess.class, arguments)) {
        isOver = hasEnded(child);
      }
    }
  }

  /** Whether the run is over; where it stands in doubt, the doubt is settled and it is not. */
  private boolean hasEnded(ChildJvm child) {
    int code = child.awaitEnd(DEADLINE);
    if (code == 0) {
      narrator.say("                  pid %-7d runs to the end".formatted(child.pid()));
      return true;
    }
    if (code != OrderDeskProcess.EXIT_IN_DOUBT) {
      throw new Complaint(
          "The agent's process %d ended with code %d, its last lines: %s."
                  .formatted(child.pid(), code, String.join(" / ", child.lines()))
              + " `holdfast doctor --store %s` tells more.".formatted(store));
    }
    doubts.settle();
    return false;
  }

  private void say(ChildJvm child, KillPoint.Arrival arrival, KillPoint point, long nanos) {
    String step = arrival.path().text().isEmpty() ? "the run" : arrival.path().name();
    String place =
        point.equals(KillPlan.AFTER_LOST_ANSWER)
            ? "after the bank's first answer got lost and refund was tried again"
            : KillPlan.phrase(arrival.boundary(), step);
    narrator.say(
        "%s  %s  pid %-7d %s"
            .formatted(
                narrator.paint().bad("kill %2d".formatted(kills)),
                narrator.paint().faint(Phrases.seconds(Duration.ofNanos(nanos))),
                child.pid(),
                place));
  }
}
