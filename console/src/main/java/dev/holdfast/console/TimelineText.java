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
    var table = new Table();
    timeline.bands().forEach(band -> text.draw(band, table));
    return table.lines();
  }

  private void draw(Band band, Table table) {
    table.line(paint.sign("┌", "+") + " " + paint.head(title(band)));
    band.items().forEach(item -> draw(item, band, table));
    table.line(paint.sign("└", "+") + " " + ending(band));
  }

  private static String title(Band band) {
    String nobody = band.epoch() == 1 ? "the process that started it" : "a worker without a name";
    return band.ending() == Timeline.Ending.COPIED
        ? "copied"
        : "claim %d, %s"
            .formatted(band.epoch(), band.worker().map(name -> "worker " + name).orElse(nobody));
  }

  private void draw(Item item, Band band, Table table) {
    item.events().forEach(this::rememberContract);
    String contract =
        item.path().map(contracts::get).map(Phrases::word).map(paint::faint).orElse("");
    var story = new ArrayList<String>(item.events().stream().map(this::phrase).toList());
    if (isOpen(item.events().getLast().entry())) {
      story.add(
          band.ending() == Timeline.Ending.HOLDS
              ? "under way"
              : paint.alert("no outcome was written"));
    }
    story.removeIf(String::isEmpty);
    table.row(
        paint.sign("│", "|") + paint.faint(offset(item.events().getFirst().at())),
        item.path().map(Phrases::path).orElse("the run"),
        contract,
        String.join(", ", story));
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
      case Entry.RunForked forked ->
          "forked from run %s at %s".formatted(forked.source(), Phrases.path(forked.at()));
      case Entry.AnswerKept kept -> "kept the answer of " + Phrases.path(kept.answer().path());
      case Entry.RunClaimed claimed -> "claimed by " + claimed.worker();
      case Entry.ScopeOpened opened ->
          opened.branches().isEmpty() ? "opened" : opened.branches().size() + " branches";
      case Entry.EffectIntended intended -> "";
      case Entry.AttemptStarted started -> "try " + started.attempt() + safety(started.path());
      case Entry.AttemptFailed failed -> paint.alert(Phrases.failure(failed.failure()));
      case Entry.StepAnswered answered -> Phrases.result(answered.path(), answered.result());
      case Entry.AnswerTaken taken ->
          Phrases.result(taken.path(), taken.result()) + paint.faint(" (from the run forked)");
      case Entry.EffectSucceeded succeeded -> succeeded(succeeded);
      case Entry.EffectGaveUp gaveUp -> paint.bad("given up: " + Phrases.failure(gaveUp.failure()));
      case Entry.EffectDoubted doubted -> paint.alert("IN DOUBT: " + doubted.reason());
      case Entry.DoubtSettled settled -> settled(settled);
      case Entry.InputDrifted drifted -> paint.alert("input changed since the recording");
      case Entry.ManifestChanged changed -> paint.alert(Manifests.phrase(changed));
      case Entry.PatchApplied patch -> "takes the new code";
      case Entry.TurnSealed sealed -> sealed.last() ? "sealed, the last" : "sealed";
      case Entry.ClockRead read -> read.instant().toString();
      case Entry.SeedDrawn drawn -> "seed drawn";
      case Entry.WaitStarted wait -> "waits until " + Phrases.time(wait.due());
      case Entry.WaitDropped wait -> "not needed any more";
      case Entry.WaitEnded wait -> ended(wait.path());
      case Entry.SignalTaken signal ->
          "got " + Phrases.payload(signal.value()) + " (" + signal.id() + ")";
      case Entry.ApprovalAsked question -> asked(question);
      case Entry.ApprovalAnswered answer -> answered(answer);
      case Entry.ChildStarted child -> "starts run " + child.child();
      case Entry.ChildCancelled child -> "tells its run to end: " + child.why();
      case Entry.ChildEnded child -> "its run: " + end(child.end());
      case Entry.RaceWon race -> paint.good(race.label() + " was first");
      case Entry.SignalReceived signal ->
          "signal " + signal.name() + " (" + signal.id() + ") from " + signal.who();
      case Entry.CancelRequested request ->
          "to be ended by " + request.who() + ": " + request.why();
      case Entry.RunParked parked -> "parked" + waits(parked);
      case Entry.RunResumed resumed -> "resumed by " + resumed.who() + ": " + resumed.why();
      case Entry.MessageRefused refused -> paint.bad("message refused: " + refused.reason());
      case Entry.RollbackStarted started -> rolledBack(started);
      case Entry.End end -> end(end);
      case Entry.RunErased erased -> paint.alert("erased by " + erased.who() + ": " + erased.why());
      case Entry.RunQuarantined held -> paint.alert("quarantined: " + held.reason());
    };
  }

  private String settled(Entry.DoubtSettled settled) {
    return "%s (%s)"
        .formatted(
            paint.good("settled by " + settled.who() + ": " + Phrases.verdict(settled.verdict())),
            settled.why());
  }

  private String answered(Entry.ApprovalAnswered answer) {
    return (answer.granted() ? paint.good("granted by ") : paint.bad("denied by "))
        + answer.who()
        + ": "
        + answer.why();
  }

  private String rolledBack(Entry.RollbackStarted started) {
    return paint.alert("is rolled back")
        + started.who().map(who -> " by " + who).orElse("")
        + ": "
        + started.reason();
  }

  private String end(Entry.End end) {
    return switch (end) {
      case Entry.RunCompleted completed ->
          paint.good("completed: ") + Phrases.payload(completed.result());
      case Entry.RunFailed failed -> paint.bad("failed: " + failed.reason());
      case Entry.RunCompensated undone -> compensated(undone);
      case Entry.RunTruncated cut ->
          paint.bad("truncated by " + cut.limit() + ": " + cut.facts())
              + unsettled(cut.unsettled());
      case Entry.RunCancelled cancelled ->
          paint.bad("cancelled by " + cancelled.who() + ": " + cancelled.why())
              + unsettled(cancelled.unsettled());
    };
  }

  private String asked(Entry.ApprovalAsked question) {
    String whom =
        question.approvers().isEmpty() ? "anybody" : String.join(", ", question.approvers());
    return paint.alert("asks %s until %s".formatted(whom, Phrases.time(question.due())))
        + (question.escalates() ? ", then others: " : ": ")
        + Phrases.payload(question.shown());
  }

  /** What it means that a step's time was up. */
  private String ended(StepPath path) {
    return switch (path.kind()) {
      case "approval" -> paint.bad("nobody answered in time: expired");
      case "signal" -> "no such signal came in time";
      default -> "the time was up";
    };
  }

  private String unsettled(List<StepPath> paths) {
    return paths.isEmpty()
        ? ""
        : paint.alert(
            "; may have happened: "
                + paths.stream().map(Phrases::path).collect(Collectors.joining(", ")));
  }

  private String compensated(Entry.RunCompensated end) {
    String left =
        end.left().isEmpty()
            ? ""
            : paint.alert(
                "; left as it is: "
                    + end.left().stream().map(Phrases::path).collect(Collectors.joining(", ")));
    return paint.good("undone: ") + Phrases.count(end.undone().size(), "effect") + left;
  }

  /** Why another try does no harm. */
  private String safety(StepPath path) {
    return contracts.get(path) == Contract.KEYED ? " with the same key" : "";
  }

  private String succeeded(Entry.EffectSucceeded succeeded) {
    String result = Phrases.result(succeeded.path(), succeeded.result());
    return switch (succeeded.origin()) {
      case FRESH -> result;
      case DEDUPLICATED -> paint.good("already done before: ") + result;
      case RECONCILED -> paint.good("had happened, not repeated: ") + result;
    };
  }

  private static String waits(Entry.RunParked parked) {
    return parked.waits().stream()
        .map(wait -> " " + Waits.phrase(wait))
        .collect(Collectors.joining(","));
  }

  private String ending(Band band) {
    return switch (band.ending()) {
      case GONE -> paint.bad("the worker is gone");
      case PARKED -> paint.faint("put aside until something happens");
      case ENDED -> paint.faint("the run ended at " + offset(band.until()).strip());
      case COPIED -> paint.faint("from here on it is a run of its own");
      case HOLDS -> paint.faint("holds the run");
    };
  }

  private String offset(Instant at) {
    return "%8.3f s".formatted(Duration.between(start, at).toMillis() / 1e3);
  }
}
