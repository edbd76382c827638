package dev.holdfast.console;

import dev.holdfast.console.Timeline.Band;
import dev.holdfast.console.Timeline.Item;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Draws a {@link Timeline} for people. */
final class TimelineText {
  private final Paint paint;
  private final Instant start;
  private final Map<StepPath, Contract> contracts = new HashMap<>();

  private TimelineText(Paint paint, Instant start) {
    this.paint = paint;
    this.start = start;
  }

  static List<String> of(Timeline timeline, Paint paint) {
    var text = new TimelineText(paint, timeline.startedAt());
    var lines = new ArrayList<String>();
    for (Band band : timeline.bands()) {
      text.draw(band, lines);
    }
    return lines;
  }

  private void draw(Band band, List<String> lines) {
    String bar = paint.sign("│", "|");
    lines.add(
        "%s %s %s"
            .formatted(
                paint.sign("┌", "+"),
                paint.head("claim " + band.epoch() + ", worker " + band.worker()),
                paint.faint("at " + offset(band.from()))));
    var table = new Table();
    band.items().forEach(item -> draw(item, band, table));
    table.lines().forEach(line -> lines.add(bar + " " + line));
    lines.add(paint.sign("└", "+") + " " + ending(band));
  }

  private void draw(Item item, Band band, Table table) {
    String at = paint.faint(offset(item.events().getFirst().at()));
    Optional<String> step = item.path().map(StepPath::text);
    item.events().forEach(this::rememberContract);
    String contract =
        item.path().map(contracts::get).map(Phrases::word).map(paint::faint).orElse("");
    String story =
        item.events().stream()
            .map(this::phrase)
            .filter(phrase -> !phrase.isEmpty())
            .collect(Collectors.joining(", "));
    if (item.events().size() == 1 && isOpen(item.events().getFirst().entry())) {
      story =
          band.ending() == Timeline.Ending.HOLDS
              ? "under way"
              : paint.alert("sent or about to be, no outcome");
    }
    table.row(at, step.orElse("run"), contract, story);
  }

  private void rememberContract(Recorded recorded) {
    if (recorded.entry() instanceof Entry.EffectIntended intended) {
      contracts.put(intended.path(), intended.call().contract());
    } else if (recorded.entry() instanceof Entry.StepAnswered answered) {
      contracts.put(answered.path(), answered.call().contract());
    }
  }

  private static boolean isOpen(Entry entry) {
    return entry instanceof Entry.EffectIntended || entry instanceof Entry.AttemptStarted;
  }

  private String phrase(Recorded recorded) {
    return switch (recorded.entry()) {
      case Entry.RunStarted started -> "accepted";
      case Entry.RunClaimed claimed -> "claimed by " + claimed.worker();
      case Entry.ScopeOpened opened ->
          opened.branches().isEmpty() ? "opened" : opened.branches().size() + " branches";
      case Entry.EffectIntended intended -> "";
      case Entry.AttemptStarted started -> "try " + started.attempt();
      case Entry.AttemptFailed failed ->
          paint.alert("try " + failed.attempt() + " " + Phrases.failure(failed.failure()));
      case Entry.StepAnswered answered -> Phrases.payload(answered.result());
      case Entry.EffectSucceeded succeeded -> succeeded(succeeded);
      case Entry.EffectGaveUp gaveUp -> paint.bad("given up: " + Phrases.failure(gaveUp.failure()));
      case Entry.EffectDoubted doubted -> paint.alert("IN DOUBT: " + doubted.reason());
      case Entry.DoubtSettled settled ->
          paint.good("settled by " + settled.who() + ": " + Phrases.verdict(settled.verdict()))
              + " ("
              + settled.why()
              + ")";
      case Entry.InputDrifted drifted -> paint.alert("input changed since the recording");
      case Entry.ClockRead read -> read.instant().toString();
      case Entry.SeedDrawn drawn -> "seed drawn";
      case Entry.RunParked parked -> "parked" + waits(parked);
      case Entry.RunResumed resumed -> "resumed by " + resumed.who() + ": " + resumed.why();
      case Entry.MessageRefused refused -> paint.bad("message refused: " + refused.reason());
      case Entry.RunCompleted completed ->
          paint.good("completed: ") + Phrases.payload(completed.result());
      case Entry.RunFailed failed -> paint.bad("failed: " + failed.reason());
      case Entry.RunTruncated cut -> paint.bad("truncated by " + cut.limit() + ": " + cut.facts());
      case Entry.RunQuarantined held -> paint.alert("quarantined: " + held.reason());
    };
  }

  private String succeeded(Entry.EffectSucceeded succeeded) {
    String result = Phrases.payload(succeeded.result());
    return switch (succeeded.origin()) {
      case FRESH -> result;
      case DEDUPLICATED -> paint.good("already done in this run: ") + result;
      case RECONCILED -> paint.good("had happened, not repeated: ") + result;
    };
  }

  private static String waits(Entry.RunParked parked) {
    return parked.waits().stream()
        .map(wait -> " for " + Phrases.word(Waits.of(wait)) + " of " + wait.path())
        .collect(Collectors.joining(","));
  }

  private String ending(Band band) {
    return switch (band.ending()) {
      case GONE -> paint.bad("the worker is gone (killed, or closed in the middle)");
      case PARKED -> paint.faint("given up until something happens");
      case ENDED -> paint.faint("the run ended at " + offset(band.until()));
      case HOLDS -> paint.faint("holds the run");
    };
  }

  private String offset(Instant at) {
    return Phrases.seconds(Duration.between(start, at));
  }
}
