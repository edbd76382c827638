package dev.holdfast.bench;

import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts what came of plays of conversations, and which laws they broke; safe for many threads. */
final class TalkTally {
  private final List<String> broken = new ArrayList<>();
  private long schedules;
  private long calls;
  private long duplicates;
  private long lost;
  private long inDoubt;
  private long doubtsExpected;
  private long silentRepeats;

  /** Counts a play that kept the general laws. */
  synchronized void count(TalkScenario scenario, Explorer.Ended<TalkDesk> ended, String schedule) {
    List<Recorded> history = ended.histories().getOrDefault(TalkScenario.RUN, List.of());
    Set<StepPath> unanswered =
        Set.copyOf(ended.unanswered().getOrDefault(TalkScenario.RUN, List.of()));
    schedules++;
    calls += scenario.talk().actions();
    long before = duplicates + lost + silentRepeats;
    countEffects(scenario, ended.world(), notHappened(scenario, history));
    long reported = doubts(history);
    long expected =
        scenario.contract() == Contract.ONCE ? unknowable(scenario, history, unanswered) : 0;
    inDoubt += reported;
    doubtsExpected += expected;
    if (duplicates + lost + silentRepeats > before || reported != expected) {
      broken.add(
          "%s as %s, %d doubts of %d:%n%s"
              .formatted(scenario.talk().id(), scenario.contract(), reported, expected, schedule));
    }
  }

  /** Counts a play that broke a general law. */
  synchronized void count(TalkScenario scenario, AssertionError failed) {
    schedules++;
    calls += scenario.talk().actions();
    broken.add("%s: %s".formatted(scenario.talk().id(), failed.getMessage()));
  }

  private void countEffects(
      TalkScenario scenario, TalkDesk desk, Map<String, Integer> notHappened) {
    for (TalkCase.Turn turn : scenario.talk().turns()) {
      for (TalkCase.Call call : turn.calls()) {
        int times = call.isAction() ? desk.timesDone(call.id()) : 1;
        lost += times == 0 ? 1 : 0;
        duplicates += times > 1 ? 1 : 0;
        boolean isSilent = times > 1 + notHappened.getOrDefault(call.id(), 0);
        silentRepeats += scenario.contract() == Contract.ONCE && isSilent ? 1 : 0;
      }
    }
  }

  private static Map<String, Integer> notHappened(TalkScenario scenario, List<Recorded> history) {
    var times = new HashMap<String, Integer>();
    for (Recorded recorded : history) {
      if (recorded.entry() instanceof Entry.DoubtSettled settled
          && settled.verdict() instanceof Verdict.DidNotHappen) {
        times.merge(scenario.callOf(settled.path()).id(), 1, Integer::sum);
      }
    }
    return times;
  }

  private static long doubts(List<Recorded> history) {
    return history.stream().filter(each -> each.entry() instanceof Entry.EffectDoubted).count();
  }

  /**
   * Of how many attempts of opaque calls nobody can know what became: their process lost the run
   * before an outcome was durable, or no answer came back, which the network knows. What the
   * runtime concluded is not looked at.
   */
  static long unknowable(TalkScenario scenario, List<Recorded> history, Set<StepPath> unanswered) {
    var open = new HashMap<StepPath, Recorded>();
    var opaque = new HashSet<StepPath>();
    var orphaned = new HashSet<StepPath>();
    long count = 0;
    for (Recorded recorded : history) {
      if (!(recorded.entry() instanceof Entry.OfStep entry)) {
        continue;
      }
      Recorded attempt = open.remove(entry.path());
      if (attempt != null && attempt.epoch() != recorded.epoch()) {
        count++;
        orphaned.add(entry.path());
      }
      if (entry instanceof Entry.EffectIntended e && e.call().contract() == Contract.ONCE) {
        opaque.add(e.path());
      }
      boolean begins =
          entry instanceof Entry.EffectIntended || entry instanceof Entry.AttemptStarted;
      if (begins && opaque.contains(entry.path())) {
        open.put(entry.path(), recorded);
        orphaned.remove(entry.path());
      }
    }
    // A call without an answer was made, so its attempt is the last of its step.
    return count
        + unanswered.stream()
            .filter(path -> opaque.contains(path) && !orphaned.contains(path))
            .count();
  }

  /** The first of what broke a law. */
  synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  synchronized Figures figures() {
    return new Figures()
        .put("schedules", schedules)
        .put("calls", calls)
        .put("duplicates", duplicates)
        .put("lost", lost)
        .put("in_doubt", inDoubt)
        .put("doubts_expected", doubtsExpected)
        .put("silent_repeats", silentRepeats);
  }
}
