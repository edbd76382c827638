package dev.holdfast.console;

import dev.holdfast.console.Steps.Standing;
import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the runs of a store and finds those that nothing moves but a person. */
final class Census {
  /** Beyond this, counting stops: the number is for people. */
  private static final int COUNT_MAX = 10_000;

  private static final int NEEDY_MAX = 20;
  private static final Duration UNCLAIMED_MAX = Duration.ofMinutes(1);

  /**
   * A run that waits for somebody.
   *
   * @param remedy what to type, line by line
   */
  record Needy(RunState run, String why, List<String> remedy) {}

  private Census() {}

  static Map<Status, Integer> count(JournalReader reader) {
    var counts = new EnumMap<Status, Integer>(Status.class);
    for (Status status : Status.values()) {
      int count = reader.runs(EnumSet.of(status), 0, COUNT_MAX).size();
      if (count > 0) {
        counts.put(status, count);
      }
    }
    return counts;
  }

  static String text(int count) {
    return count < COUNT_MAX ? "%,d".formatted(count) : "%,d or more".formatted(count);
  }

  /** At most 20 of each kind, the one changed last first. */
  static List<Needy> needy(JournalReader reader, boolean isExecuted, Remedies remedies) {
    var needy = new ArrayList<Needy>();
    for (RunState run : reader.runs(EnumSet.of(Status.IN_DOUBT), 0, NEEDY_MAX)) {
      for (Step step : Steps.of(History.of(reader, run.id()))) {
        if (step.standing() == Standing.IN_DOUBT) {
          needy.add(new Needy(run, doubt(step), remedies.commandsOfDoubt(run.id(), step.path())));
        }
      }
    }
    for (RunState run : reader.runs(EnumSet.of(Status.QUARANTINED), 0, NEEDY_MAX)) {
      needy.add(
          new Needy(run, quarantine(reader, run), List.of(remedies.commandOfQuarantine(run.id()))));
    }
    for (RunState run : reader.runs(EnumSet.of(Status.READY, Status.EXECUTING), 0, NEEDY_MAX)) {
      unclaimed(run, isExecuted).ifPresent(needy::add);
    }
    return needy;
  }

  private static String doubt(Step step) {
    return step.outcome()
        .map(entry -> entry instanceof Entry.EffectDoubted doubted ? doubted.reason() : "")
        .map(reason -> step.path() + ", " + reason)
        .orElse(step.path().text());
  }

  private static String quarantine(JournalReader reader, RunState run) {
    return reader
        .last(run.id())
        .map(Recorded::entry)
        .map(entry -> entry instanceof Entry.RunQuarantined held ? held.reason() : "")
        .orElse("");
  }

  private static Optional<Needy> unclaimed(RunState run, boolean isExecuted) {
    boolean isFresh = run.changedAt().plus(UNCLAIMED_MAX).isAfter(Instant.now());
    if (isFresh || (isExecuted && run.status() == Status.EXECUTING)) {
      return Optional.empty();
    }
    String workflow = run.workflow() + " " + run.version();
    return Optional.of(
        new Needy(
            run,
            isExecuted
                ? "the application that has the store open has not registered workflow " + workflow
                : "no application has the store open",
            List.of("Start the application that registers workflow " + workflow + ".")));
  }
}
