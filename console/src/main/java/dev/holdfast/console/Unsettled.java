package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A step of a cancelled run that may have happened.
 *
 * @param fact the fact of the ledger that it is still about, which can be settled
 */
record Unsettled(StepPath path, Optional<Fact> fact) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** What a cancelled run left unsettled. */
  static List<Unsettled> of(JournalReader reader, RunId run) {
    Optional<Entry> end = reader.last(run).map(Recorded::entry);
    if (end.isEmpty() || !(end.get() instanceof Entry.RunCancelled cancelled)) {
      return List.of();
    }
    List<Fact> facts = Inbox.looseFacts(reader, run);
    return cancelled.unsettled().stream()
        .map(path -> new Unsettled(path, about(path, facts)))
        .toList();
  }

  private static Optional<Fact> about(StepPath path, List<Fact> facts) {
    return facts.stream().filter(fact -> fact.path().equals(path)).findFirst();
  }

  /** The same, once the run has ended, which follows at once where the order was applied. */
  static List<Unsettled> awaitEnd(JournalReader reader, RunId run, Delivery delivery) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (delivery.state() == Delivery.State.APPLIED
        && !isOver(reader, run)
        && System.nanoTime() < deadline) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return of(reader, run);
      }
    }
    return of(reader, run);
  }

  private static boolean isOver(JournalReader reader, RunId run) {
    return reader.find(run).map(RunState::status).filter(Status::isEnded).isPresent();
  }

  /** What a person should know of a cancelled run; nothing of others. */
  static List<String> lines(
      RunState run, List<Unsettled> unsettled, Remedies remedies, Paint paint) {
    if (run.status() != Status.CANCELLED) {
      return List.of();
    }
    if (unsettled.isEmpty()) {
      return List.of("The run has ended; every step that it began has its outcome.");
    }
    var lines = new ArrayList<String>();
    lines.add(paint.alert("The run has ended, and these may have happened. Ask their targets:"));
    for (Unsettled each : unsettled) {
      lines.add("  " + each.path());
      each.fact().ifPresent(fact -> lines.addAll(lines(fact, remedies)));
    }
    return lines;
  }

  private static List<String> lines(Fact fact, Remedies remedies) {
    var lines = new ArrayList<String>();
    lines.add("  Other runs ask for its fact and are refused until somebody says so:");
    remedies.commandsOfFact(fact.name()).forEach(command -> lines.add("    " + command));
    return lines;
  }

  ObjectNode json() {
    return Json.object().put("step", path.text()).put("fact", fact.map(Fact::name).orElse(null));
  }
}
