package dev.holdfast.console;

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
  private static final int NEEDS_MAX = 60;
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

  /** At most 60 of what people are needed for, and 20 runs that nobody executes. */
  static List<Needy> needy(JournalReader reader, boolean isExecuted, Remedies remedies) {
    var needy = new ArrayList<Needy>();
    var answers = new Answers(remedies, isExecuted, Instant.now());
    Inbox.of(reader).needs().stream()
        .filter(need -> !(need instanceof Need.Letter))
        .limit(NEEDS_MAX)
        .forEach(need -> needy.add(needy(need, answers)));
    var moving = EnumSet.of(Status.READY, Status.EXECUTING, Status.WAITING);
    for (RunState run : reader.runs(moving, 0, NEEDY_MAX)) {
      unclaimed(run, isExecuted).ifPresent(needy::add);
    }
    return needy;
  }

  private static Needy needy(Need need, Answers answers) {
    List<String> remedy =
        answers.of(need).stream().flatMap(answer -> answer.command().stream()).toList();
    return new Needy(need.run(), why(need), remedy);
  }

  private static String why(Need need) {
    return switch (need) {
      case Need.Question question ->
          "%s asks for an approval until %s"
              .formatted(question.asked().path(), Phrases.time(question.asked().due()));
      case Need.Doubt doubt -> doubt.step().path() + ", " + doubt.doubted().reason();
      case Need.Halt halt -> halt.held().reason();
      case Need.LooseFact loose ->
          "nobody knows whether %s happened".formatted(loose.fact().name());
      case Need.Letter letter -> Letters.phrase(letter.mail().message());
    };
  }

  private static Optional<Needy> unclaimed(RunState run, boolean isExecuted) {
    Instant since = run.readyAt().orElse(run.changedAt());
    boolean isFresh = since.plus(UNCLAIMED_MAX).isAfter(Instant.now());
    boolean isParked = run.status() == Status.WAITING && run.readyAt().isEmpty();
    if (isFresh || isParked || (isExecuted && run.status() == Status.EXECUTING)) {
      return Optional.empty();
    }
    if (Answers.isAttached(run)) {
      String remedy = "Call it again with the same id: only its caller has its code.";
      return Optional.of(new Needy(run, "it waits for its caller", List.of(remedy)));
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
