package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.console.Steps.Step;
import dev.holdfast.console.Timeline.Band;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Message;
import java.util.List;

/** A run as {@code show --json} prints it. */
final class ShowJson {
  private ShowJson() {}

  static ObjectNode of(RunState state, List<Recorded> history, List<Message.Mail> mail) {
    ObjectNode run = Json.of(state);
    var timeline = Timeline.of(state, history);
    ArrayNode bands = run.putArray("bands");
    timeline.bands().forEach(band -> bands.add(band(band)));
    ArrayNode steps = run.putArray("steps");
    Steps.of(history).forEach(step -> steps.add(step(step)));
    history.stream()
        .skip(Math.max(0, history.size() - 1))
        .forEach(last -> addStanding(run, last.entry()));
    ArrayNode unread = run.putArray("mail");
    mail.forEach(each -> unread.add(Letters.json(each)));
    return run;
  }

  /** What the newest entry says of where the run stands. */
  private static void addStanding(ObjectNode run, Entry last) {
    if (last instanceof Entry.RunParked parked) {
      ArrayNode waits = run.putArray("waits");
      parked.waits().forEach(wait -> waits.add(Waits.json(wait)));
    } else if (last instanceof Entry.RunQuarantined held) {
      run.put("reason", held.reason());
    } else if (last instanceof Entry.RunCancelled cancelled) {
      run.put("cancelled_by", cancelled.who()).put("reason", cancelled.why());
      addUnsettled(run, cancelled.unsettled());
    } else if (last instanceof Entry.RunTruncated truncated) {
      run.put("limit", truncated.limit()).put("reason", truncated.facts());
      addUnsettled(run, truncated.unsettled());
    }
  }

  private static void addUnsettled(ObjectNode run, List<StepPath> paths) {
    ArrayNode unsettled = run.putArray("unsettled");
    paths.forEach(path -> unsettled.add(path.text()));
  }

  private static ObjectNode band(Band band) {
    return Json.object()
        .put("epoch", band.epoch())
        .put("worker", band.worker().orElse(null))
        .put("from", band.from().toString())
        .put("until", band.until().toString())
        .put("ending", band.ending().name());
  }

  private static ObjectNode step(Step step) {
    ObjectNode node =
        Json.object()
            .put("path", step.path().text())
            .put("contract", step.call().map(Entry.Call::contract).map(Contract::name).orElse(null))
            .put("standing", step.standing().name())
            .put("attempts", step.attempts());
    ArrayNode epochs = node.putArray("epochs");
    step.epochs().forEach(epochs::add);
    step.outcome().ifPresent(entry -> addOutcome(node, entry));
    return node;
  }

  private static void addOutcome(ObjectNode node, Entry outcome) {
    switch (outcome) {
      case Entry.StepAnswered answered -> addResult(node, answered.result());
      case Entry.AnswerTaken taken -> addResult(node.put("origin", "FORKED"), taken.result());
      case Entry.EffectSucceeded succeeded ->
          addResult(node.put("origin", succeeded.origin().name()), succeeded.result());
      case Entry.EffectGaveUp gaveUp -> node.put("failure", Phrases.failure(gaveUp.failure()));
      case Entry.EffectDoubted doubted -> node.put("doubt", doubted.reason());
      case Entry.DoubtSettled settled -> addVerdict(node, settled);
      default -> addWait(node, outcome);
    }
  }

  private static void addVerdict(ObjectNode node, Entry.DoubtSettled settled) {
    node.put("settled_by", settled.who()).put("settled_why", settled.why());
    if (settled.verdict() instanceof Verdict.Happened happened) {
      addResult(node, happened.result());
    }
  }

  /** What a step came to that waits for people or time. */
  private static void addWait(ObjectNode node, Entry outcome) {
    switch (outcome) {
      case Entry.ApprovalAsked asked -> InboxJson.addQuestion(node.putObject("question"), asked);
      case Entry.ApprovalAnswered answer ->
          node.put("granted", answer.granted()).put("who", answer.who()).put("why", answer.why());
      case Entry.SignalTaken signal ->
          addResult(node.put("signal_id", signal.id()), signal.value());
      case Entry.ChildStarted child -> node.put("child", child.child().text());
      case Entry.ChildEnded child -> node.put("end", child.end().getClass().getSimpleName());
      case Entry.WaitStarted wait -> node.put("due", wait.due().toString());
      case Entry.WaitDropped wait -> node.put("dropped", true);
      case Entry.WaitEnded wait -> node.put("time_was_up", true);
      default -> {}
    }
  }

  private static void addResult(ObjectNode node, Payload result) {
    node.set("result", Json.parsedOrText(result.text()));
  }
}
