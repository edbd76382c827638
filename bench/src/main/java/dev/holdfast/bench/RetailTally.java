package dev.holdfast.bench;

import dev.holdfast.examples.RetailScript;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The figures of one campaign and the laws that they must keep. Safe for use by many threads. */
final class RetailTally {
  /** What Holdfast made of the recordings. */
  final RetailScore held = new RetailScore();

  /** What the naive loop made of them under the same faults. */
  final RetailScore naive = new RetailScore();

  final AtomicInteger crashPointsTool = new AtomicInteger();
  final AtomicInteger crashPointsModel = new AtomicInteger();
  final AtomicInteger crashes = new AtomicInteger();
  final AtomicInteger doubts = new AtomicInteger();
  final AtomicInteger doubtsExpected = new AtomicInteger();
  final AtomicInteger doubtsMissed = new AtomicInteger();
  final AtomicInteger modelCallsRedone = new AtomicInteger();
  final AtomicInteger naiveModelCallsRedone = new AtomicInteger();
  private final List<String> broken = new ArrayList<>();
  private final List<RetailScript> scripts;
  private final long started = System.nanoTime();

  RetailTally(List<RetailScript> scripts) {
    this.scripts = List.copyOf(scripts);
  }

  int runs() {
    return scripts.size();
  }

  /** Executed calls that the recordings hold a result of. */
  int calls() {
    return (int)
        scripts.stream()
            .flatMap(script -> script.expected().stream())
            .filter(each -> !each.injected() && each.result().isPresent())
            .count();
  }

  int skipped() {
    return (int)
        scripts.stream()
            .flatMap(script -> script.expected().stream())
            .filter(RetailScript.Expected::injected)
            .count();
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  Figures figures() {
    return new Figures()
        .put("runs", runs())
        .put("states_equal", runs() - held.runsWrong())
        .put("calls", calls())
        .put("skipped_injected", skipped())
        .put("results_equal", calls() - held.callsWrong())
        .put("crash_points_tool", crashPointsTool.get())
        .put("crash_points_model", crashPointsModel.get())
        .put("crashes", crashes.get())
        .put("duplicates", held.duplicates())
        .put("lost", held.lost())
        .put("in_doubt", doubts.get())
        .put("doubts_expected", doubtsExpected.get())
        .put("silent_repeats", silentRepeats())
        .put("model_calls_redone", modelCallsRedone.get())
        .put("naive_duplicates", naive.duplicates())
        .put("seconds", seconds());
  }

  /** Repeats that nobody was told of, and doubts that nobody was told of. */
  private int silentRepeats() {
    return held.callsRepeated() + doubtsMissed.get();
  }

  /** Notes that a law of one execution was broken. */
  synchronized void broke(String law) {
    if (!broken.contains(law)) {
      broken.add(law);
    }
  }

  /** The laws that were broken, in words; none where all is well. */
  synchronized List<String> brokenLaws() {
    List<String> laws = new ArrayList<>(broken);
    require(laws, runs() > 0, "there must be a recorded run");
    require(laws, held.executions() >= runs(), "every recorded run must be executed");
    require(laws, held.runsWrong() == 0, "every final state must be as recorded");
    require(laws, held.callsWrong() == 0, "every result must be as recorded");
    require(laws, held.duplicates() == 0, "no call may be executed twice");
    require(laws, held.lost() == 0, "no call with a result may be missing in the shop");
    require(laws, doubts.get() == doubtsExpected.get(), "every doubt, and no other, is reported");
    require(laws, silentRepeats() == 0, "nothing may be repeated in silence");
    require(
        laws,
        modelCallsRedone.get() <= crashes.get(),
        "at most one model call may be made again for each crash");
    return laws;
  }

  private static void require(List<String> laws, boolean holds, String law) {
    if (!holds) {
      laws.add(law);
    }
  }

  /** What the two loops made of the same faults, side by side. */
  List<String> table() {
    String row = "  %-34s %12s %12s";
    return List.of(
        row.formatted("", "Holdfast", "naive loop"),
        row.formatted("executions", count(held.executions()), count(naive.executions())),
        row.formatted(
            "ended in the recorded state", count(held.statesEqual()), count(naive.statesEqual())),
        row.formatted(
            "recorded calls answered otherwise",
            count(held.callsWrong()),
            count(naive.callsWrong())),
        row.formatted(
            "executions of a call too many", count(held.duplicates()), count(naive.duplicates())),
        row.formatted("calls lost", count(held.lost()), count(naive.lost())),
        row.formatted(
            "model calls made again",
            count(modelCallsRedone.get()),
            count(naiveModelCallsRedone.get())),
        row.formatted("doubts told", count(doubts.get()), count(0)));
  }

  private static String count(int count) {
    return "%,d".formatted(count);
  }
}
