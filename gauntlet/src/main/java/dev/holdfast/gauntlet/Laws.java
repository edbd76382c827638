package dev.holdfast.gauntlet;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.util.List;
import java.util.Optional;

/** What must hold of every play, whatever the scenario. */
final class Laws {
  private final Played<?> calm;

  /** Laws that compare with a play in which nothing struck. */
  Laws(Played<?> calm) {
    this.calm = calm;
  }

  /** Fails naming what is broken. */
  void check(Played<?> played) {
    for (RunState run : calm.runs()) {
      requireThere(played, run.id());
    }
    for (RunState run : played.runs()) {
      requireNamedEnd(played, run);
      requireSameEnd(played, run);
      requireEffects(played, run.id());
    }
  }

  private static void requireThere(Played<?> played, RunId run) {
    if (played.runs().stream().noneMatch(each -> each.id().equals(run))) {
      throw new AssertionError("Run %s was acknowledged and is lost.".formatted(run));
    }
  }

  /** Where nobody answers, waiting is what a run has to do. */
  private static void requireNamedEnd(Played<?> played, RunState run) {
    boolean isUnanswered =
        played.schedule().strikes().stream()
            .anyMatch(strike -> strike.fault() == Fault.NOBODY_ANSWERS);
    boolean isNamed =
        switch (run.status()) {
          case COMPLETED, TRUNCATED, FAILED, CANCELLED, COMPENSATED, IN_DOUBT, QUARANTINED -> true;
          case WAITING, AWAITING_APPROVAL -> isUnanswered;
          case READY, EXECUTING -> false;
        };
    if (!isNamed) {
      throw new AssertionError("Run %s has not ended: it is %s.".formatted(run.id(), run.status()));
    }
  }

  /** What need not show must not, except as a doubt where nobody can know. */
  private void requireSameEnd(Played<?> played, RunState run) {
    if (played.schedule().mayShow() || run.status() == Status.IN_DOUBT) {
      return;
    }
    Optional<Status> expected = Optional.ofNullable(calm.ended().get(run.id()));
    var result = played.result(run.id());
    boolean isSame =
        expected.filter(run.status()::equals).isPresent() && result.equals(calm.result(run.id()));
    if (!isSame) {
      throw new AssertionError(
          "Run %s is %s with %s; without a fault it was %s with %s."
              .formatted(run.id(), run.status(), result, expected, calm.result(run.id())));
    }
  }

  private static void requireEffects(Played<?> played, RunId run) {
    List<Entry> entries = played.entries(run);
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.EffectIntended intended -> {
          if (intended.call().contract() != Contract.READ) {
            requireOfHolder(played, run, intended.path());
          }
          if (intended.call().contract() == Contract.ONCE) {
            requireNoRepeat(played, run, intended.path(), entries);
          }
        }
        case Entry.EffectSucceeded success when success.origin() != Entry.Origin.DEDUPLICATED ->
            requireDone(played, run, success.path());
        default -> {}
      }
    }
  }

  private static void requireOfHolder(Played<?> played, RunId run, StepPath path) {
    if (played.outside().isOrphaned(run, path)) {
      throw new AssertionError(
          "%s of %s was called by a process that had lost the run.".formatted(path, run));
    }
  }

  private static void requireNoRepeat(
      Played<?> played, RunId run, StepPath path, List<Entry> entries) {
    long allowed =
        1
            + entries.stream()
                .filter(entry ->
                    entry instanceof Entry.DoubtSettled settled
                        && settled.path().equals(path)
                        && settled.verdict() instanceof Verdict.DidNotHappen)
                .count();
    int times = played.outside().timesDone(run, path);
    if (times > allowed) {
      throw new AssertionError(
          "%s of %s is 'once' and reached its target %d times.".formatted(path, run, times));
    }
  }

  private static void requireDone(Played<?> played, RunId run, StepPath path) {
    if (played.outside().timesDone(run, path) == 0) {
      throw new AssertionError(
          "%s of %s is recorded as done and never reached its target.".formatted(path, run));
    }
  }
}
