package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.examples.OutsideWorld.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a demo came to.
 *
 * @param naive the counts of the loop in memory
 * @param durable the counts of the agent on Holdfast
 * @param kills how often the agent on Holdfast was killed
 * @param doubts how many doubts had to be settled
 * @param ledger what reached the outside world of the agent on Holdfast
 * @param time how long it took, without the time that a person thought
 */
record DemoResult(
    List<Count> naive, List<Count> durable, int kills, int doubts, Ledger ledger, Duration time) {
  /** Whether every count is as it must be, the wrong ones of the loop in memory included. */
  boolean isRight(int killsMin) {
    return Count.areRight(durable) && !Count.areRight(naive) && kills >= killsMin;
  }

  String line(Paint paint) {
    String counts =
        durable.stream()
            .map(count -> Phrases.count(count.happened(), count.what()))
            .collect(Collectors.joining(", "));
    String verdict = Count.areRight(durable) ? paint.good("all right") : paint.bad("WRONG");
    return "%s, %s lost, %s settled: %s; %s, in %s s."
        .formatted(
            paint.strong(Phrases.count(kills, "kill")),
            Phrases.count(ledger.answersLost(), "answer"),
            Phrases.count(doubts, "doubt"),
            counts,
            verdict,
            String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3));
  }

  ObjectNode json(Path store) {
    ObjectNode json =
        Json.object()
            .put("store", store.toString())
            .put("kills", kills)
            .put("answers_lost", ledger.answersLost())
            .put("repeats_answered", ledger.repeatsAnswered())
            .put("doubts", doubts);
    addCounts(json.putObject("naive"), naive);
    addCounts(json.putObject("durable"), durable);
    return json.put("right", Count.areRight(durable)).put("seconds", time.toMillis() / 1e3);
  }

  private static void addCounts(ObjectNode json, List<Count> counts) {
    for (Count count : counts) {
      json.put(count.what().replaceAll("\\W", "_") + "s", count.happened());
    }
  }
}
