package dev.holdfast.console;

import dev.holdfast.examples.OrderDeskProcess;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The first act: what becomes of a loop in memory that is killed and whose answers get lost. */
final class NaiveAct {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Narrator narrator;
  private final Path stock;

  NaiveAct(Narrator narrator, Path stock) {
    this.narrator = narrator;
    this.stock = stock;
  }

  List<Count> play(String order) {
    narrator.title("1  The agent as a loop in memory, as most are");
    try (DemoWorld world = DemoWorld.open(stock)) {
      var arguments = List.of(world.address(), world.stock().toString(), order);
      kill(arguments, "refund", "SIGKILL right after the refund");
      world.bankLosesNextAnswer();
      kill(
          arguments,
          "write_to_customer",
          "begins again; the bank's answer gets lost, it asks again; SIGKILL after the letter");
      try (var child = ChildJvm.start(OrderDeskProcess.Naive.class, arguments)) {
        child.awaitEnd(DEADLINE);
        say(child, "begins again and gets to the end");
      }
      List<Count> counts = Count.of(world.ledger());
      narrator.line("");
      Count.lines(counts, narrator.paint()).forEach(narrator::say);
      return counts;
    }
  }

  private void kill(List<String> arguments, String step, String story) {
    var point = KillPoint.at(Boundary.AFTER_CALL, step);
    try (var child = ChildJvm.start(OrderDeskProcess.Naive.class, arguments, Optional.of(point))) {
      if (child.awaitArrival(DEADLINE).isEmpty()) {
        throw new Complaint(
            "The loop in memory ended before %s: %s"
                .formatted(step, String.join(" / ", child.lines())));
      }
      child.kill();
      say(child, story);
    }
  }

  private void say(ChildJvm child, String story) {
    narrator.say("pid %-8d %s".formatted(child.pid(), story));
  }
}
