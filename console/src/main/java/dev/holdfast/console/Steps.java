package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What each step of a run came to, whatever happened in between. */
final class Steps {
  /** Where a step stands. */
  enum Standing {
    /** It has its outcome. */
    DONE,
    /** It was given up. */
    GIVEN_UP,
    /** Nobody knows whether it happened. */
    IN_DOUBT,
    /** People are asked for their approval. */
    ASKED,
    /** It waits for a time, a signal, a run of its own or a fact that another run is at. */
    WAITING,
    /** It has an intent and no outcome yet. */
    OPEN
  }

  /**
   * One step.
   *
   * @param call what it was asked, where it was asked anything
   * @param since when it came to stand there
   * @param epochs the claims under which something about it was written
   * @param outcome the entry that says what it came to, where there is one
   */
  record Step(
      StepPath path,
      Optional<Entry.Call> call,
      Standing standing,
      Instant since,
      int attempts,
      List<Long> epochs,
      Optional<Entry> outcome) {}

  private Steps() {}

  /** The steps of a history in order of first mention; scopes and clock reads are none. */
  static List<Step> of(List<Recorded> entries) {
    Map<StepPath, List<Recorded>> events = new LinkedHashMap<>();
    for (Recorded recorded : entries) {
      if (recorded.entry() instanceof Entry.OfStep ofStep && isOfEffect(ofStep)) {
        events.computeIfAbsent(ofStep.path(), path -> new ArrayList<>()).add(recorded);
      }
    }
    return events.entrySet().stream().map(each -> step(each.getKey(), each.getValue())).toList();
  }

  private static boolean isOfEffect(Entry.OfStep entry) {
    return !(entry instanceof Entry.ScopeOpened
        || entry instanceof Entry.RaceWon
        || entry instanceof Entry.PatchApplied
        || entry instanceof Entry.TurnSealed
        || entry instanceof Entry.ClockRead
        || entry instanceof Entry.SeedDrawn);
  }

  private static Step step(StepPath path, List<Recorded> events) {
    Optional<Entry.Call> call = Optional.empty();
    Standing standing = Standing.OPEN;
    Instant since = events.getFirst().at();
    Optional<Entry> outcome = Optional.empty();
    int attempts = 0;
    var epochs = new TreeSet<Long>();
    for (Recorded recorded : events) {
      epochs.add(recorded.epoch());
      call = call.or(() -> call(recorded.entry()));
      attempts = Math.max(attempts, attempt(recorded.entry()));
      Optional<Standing> changed = standing(recorded.entry());
      if (changed.isPresent()) {
        standing = changed.get();
        since = recorded.at();
        outcome = standing == Standing.OPEN ? Optional.empty() : Optional.of(recorded.entry());
      }
    }
    return new Step(path, call, standing, since, attempts, List.copyOf(epochs), outcome);
  }

  private static Optional<Entry.Call> call(Entry entry) {
    if (entry instanceof Entry.EffectIntended intended) {
      return Optional.of(intended.call());
    }
    if (entry instanceof Entry.AnswerTaken taken) {
      return Optional.of(taken.call());
    }
    return entry instanceof Entry.StepAnswered answered
        ? Optional.of(answered.call())
        : Optional.empty();
  }

  private static int attempt(Entry entry) {
    return switch (entry) {
      case Entry.AttemptStarted started -> started.attempt();
      case Entry.AttemptFailed failed -> failed.attempt();
      case Entry.EffectGaveUp gaveUp -> gaveUp.attempts();
      case Entry.EffectIntended intended -> 1;
      case Entry.StepAnswered answered -> 1;
      default -> 0;
    };
  }

  private static Optional<Standing> standing(Entry entry) {
    return switch (entry) {
      case Entry.StepAnswered answered -> Optional.of(Standing.DONE);
      case Entry.EffectSucceeded succeeded -> Optional.of(Standing.DONE);
      case Entry.AnswerTaken taken -> Optional.of(Standing.DONE);
      case Entry.EffectGaveUp gaveUp -> Optional.of(Standing.GIVEN_UP);
      case Entry.EffectDoubted doubted -> Optional.of(Standing.IN_DOUBT);
      case Entry.DoubtSettled settled -> Optional.of(settled(settled));
      case Entry.WaitEnded wait -> Optional.of(Standing.DONE);
      case Entry.WaitDropped wait -> Optional.of(Standing.DONE);
      case Entry.SignalTaken signal -> Optional.of(Standing.DONE);
      case Entry.ApprovalAnswered answer -> Optional.of(Standing.DONE);
      case Entry.ApprovalAsked question -> Optional.of(Standing.ASKED);
      case Entry.WaitStarted wait -> Optional.of(Standing.WAITING);
      case Entry.ChildStarted child -> Optional.of(Standing.WAITING);
      case Entry.ChildEnded child -> Optional.of(Standing.DONE);
      case Entry.EffectIntended intended -> Optional.of(Standing.OPEN);
      case Entry.AttemptStarted started -> Optional.of(Standing.OPEN);
      default -> Optional.empty();
    };
  }

  private static Standing settled(Entry.DoubtSettled settled) {
    return switch (settled.verdict()) {
      case dev.holdfast.journal.Verdict.Happened happened -> Standing.DONE;
      case dev.holdfast.journal.Verdict.DidNotHappen didNot -> Standing.OPEN;
    };
  }
}
