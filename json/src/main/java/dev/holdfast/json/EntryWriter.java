package dev.holdfast.json;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;

/**
 * Entries, messages and facts as JSON objects; the field {@code is} names the case of a sealed
 * type.
 */
final class EntryWriter {
  private EntryWriter() {}

  static String write(Entry entry) {
    return switch (entry) {
      case Entry.OfStep ofStep -> ofStep(ofStep);
      case Entry.RunStarted e -> started(e);
      case Entry.RunForked e -> forked(e);
      case Entry.AnswerKept e -> ObjectText.of(e).raw("answer", ofStep(e.answer())).end();
      case Entry.ManifestChanged e ->
          ObjectText.of(e).texts("now", e.now()).array("gone", e.gone(), ObjectText::quoted).end();
      case Entry.RunClaimed e -> ObjectText.of(e).field("worker", e.worker()).end();
      case Entry.RunParked e ->
          ObjectText.of(e).array("waits", e.waits(), EntryWriter::write).end();
      case Entry.RunResumed e -> said(ObjectText.of(e), e.who(), e.why());
      case Entry.SignalReceived e -> received(e);
      case Entry.CancelRequested e -> said(ObjectText.of(e), e.who(), e.why());
      case Entry.MessageRefused e ->
          ObjectText.of(e).field("message", e.message()).field("reason", e.reason()).end();
      case Entry.RunErased e -> said(ObjectText.of(e), e.who(), e.why());
      case Entry.RunCompleted e ->
          ObjectText.of(e, e.result().text().length()).raw("result", e.result().text()).end();
      case Entry.RunFailed e ->
          ObjectText.of(e)
              .field("reason", e.reason())
              .raw("failure", e.failure().map(EntryWriter::write))
              .end();
      case Entry.RunCancelled e ->
          said(
              ObjectText.of(e)
                  .array("unsettled", e.unsettled(), path -> ObjectText.quoted(path.text())),
              e.who(),
              e.why());
      case Entry.RollbackStarted e ->
          ObjectText.of(e)
              .field("reason", e.reason())
              .raw("who", e.who().map(ObjectText::quoted))
              .end();
      case Entry.RunCompensated e ->
          ObjectText.of(e)
              .field("reason", e.reason())
              .array("undone", e.undone(), path -> ObjectText.quoted(path.text()))
              .array("left", e.left(), path -> ObjectText.quoted(path.text()))
              .end();
      case Entry.RunTruncated e ->
          ObjectText.of(e)
              .field("limit", e.limit())
              .field("facts", e.facts())
              .array("unsettled", e.unsettled(), path -> ObjectText.quoted(path.text()))
              .end();
      case Entry.RunQuarantined e ->
          ObjectText.of(e)
              .field("reason", e.reason())
              .raw("path", e.path().map(path -> ObjectText.quoted(path.text())))
              .end();
    };
  }

  static String write(Message message) {
    return switch (message) {
      case Message.Settle m ->
          ObjectText.of(m)
              .field("path", m.path().text())
              .raw("doubt", m.doubt().map(String::valueOf))
              .field("who", m.who())
              .field("why", m.why())
              .raw("verdict", write(m.verdict()))
              .end();
      case Message.Signal m ->
          said(
              ObjectText.of(m, m.value().text().length())
                  .field("name", m.name())
                  .field("id", m.id())
                  .raw("value", m.value().text()),
              m.who(),
              m.why());
      case Message.Approve m ->
          said(
              ObjectText.of(m)
                  .field("path", m.path().text())
                  .field("digest", m.digest())
                  .field("granted", m.granted()),
              m.who(),
              m.why());
      case Message.Evidence m ->
          said(
              ObjectText.of(m)
                  .field("path", m.path().text())
                  .field("epoch", m.epoch())
                  .raw("verdict", write(m.verdict())),
              m.who(),
              m.why());
      case Message.ChildEnded m ->
          ObjectText.of(m)
              .field("path", m.path().text())
              .field("child", m.child().text())
              .raw("end", write((Entry) m.end()))
              .end();
      case Message.Cancel m -> said(ObjectText.of(m), m.who(), m.why());
      case Message.RollBack m -> said(ObjectText.of(m), m.who(), m.why());
      case Message.Resume m -> said(ObjectText.of(m), m.who(), m.why());
    };
  }

  static String write(Fact fact) {
    return new ObjectText(256 + fact.input().text().length() + fact.result().text().length())
        .field("name", fact.name())
        .field("generation", fact.generation())
        .field("state", fact.state())
        .field("run", fact.run().text())
        .field("path", fact.path().text())
        .field("inputDigest", fact.inputDigest())
        .raw("input", fact.input().text())
        .raw("result", fact.result().text())
        .field("settledBy", fact.settledBy())
        .end();
  }

  private static String ofStep(Entry.OfStep entry) {
    return switch (entry) {
      case Entry.ScopeOpened e ->
          begin(e, e, 0).array("branches", e.branches(), ObjectText::quoted).end();
      case Entry.EffectIntended e -> intended(e);
      case Entry.AttemptStarted e -> begin(e, e, 0).field("attempt", e.attempt()).end();
      case Entry.AttemptFailed e ->
          begin(e, e, 0)
              .field("attempt", e.attempt())
              .raw("failure", write(e.failure()))
              .field("retryAt", e.retryAt().toString())
              .end();
      case Entry.StepAnswered e ->
          call(begin(e, e, e.call().input().text().length() + e.result().text().length()), e.call())
              .raw("result", e.result().text())
              .end();
      case Entry.EffectSucceeded e ->
          begin(e, e, e.result().text().length())
              .field("origin", e.origin())
              .raw("result", e.result().text())
              .end();
      case Entry.AnswerTaken e -> taken(e);
      case Entry.EffectGaveUp e ->
          begin(e, e, 0).field("attempts", e.attempts()).raw("failure", write(e.failure())).end();
      case Entry.EffectDoubted e ->
          begin(e, e, 0).field("reason", e.reason()).field("policy", e.policy()).end();
      case Entry.DoubtSettled e ->
          begin(e, e, 0)
              .field("who", e.who())
              .field("why", e.why())
              .raw("verdict", write(e.verdict()))
              .end();
      case Entry.InputDrifted e ->
          begin(e, e, 0)
              .field("recordedDigest", e.recordedDigest())
              .field("attemptedDigest", e.attemptedDigest())
              .end();
      case Entry.PatchApplied e -> begin(e, e, 0).end();
      case Entry.TurnSealed e ->
          begin(e, e, e.state().text().length())
              .field("last", e.last())
              .raw("state", e.state().text())
              .end();
      case Entry.ClockRead e -> begin(e, e, 0).field("instant", e.instant().toString()).end();
      case Entry.SeedDrawn e -> begin(e, e, 0).field("seed", e.seed()).end();
      case Entry.WaitStarted e -> begin(e, e, 0).field("due", e.due().toString()).end();
      case Entry.WaitDropped e -> begin(e, e, 0).end();
      case Entry.WaitEnded e -> begin(e, e, 0).end();
      case Entry.SignalTaken e ->
          begin(e, e, e.value().text().length())
              .field("id", e.id())
              .raw("value", e.value().text())
              .end();
      case Entry.ApprovalAsked e -> asked(e);
      case Entry.OfChild e -> ofChild(e);
      case Entry.RaceWon e -> begin(e, e, 0).field("label", e.label()).end();
      case Entry.ApprovalAnswered e ->
          said(begin(e, e, 0).field("granted", e.granted()), e.who(), e.why());
    };
  }

  private static String ofChild(Entry.OfChild entry) {
    return switch (entry) {
      case Entry.ChildStarted e ->
          begin(e, e, 0)
              .field("child", e.child().text())
              .field("workflow", e.workflow())
              .field("inputDigest", e.inputDigest())
              .raw("deadline", e.deadline().map(at -> ObjectText.quoted(at.toString())))
              .end();
      case Entry.ChildCancelled e -> begin(e, e, 0).field("why", e.why()).end();
      case Entry.ChildEnded e -> begin(e, e, 0).raw("end", write((Entry) e.end())).end();
    };
  }

  private static String started(Entry.RunStarted e) {
    var object =
        ObjectText.of(e, e.input().text().length())
            .field("workflow", e.workflow())
            .field("version", e.version())
            .field("inputDigest", e.inputDigest())
            .raw("deadline", e.deadline().map(at -> ObjectText.quoted(at.toString())))
            .raw("parent", e.parent().map(EntryWriter::write));
    if (!e.manifest().isEmpty()) {
      object.texts("manifest", e.manifest());
    }
    return object.raw("input", e.input().text()).end();
  }

  private static String write(Entry.Parent parent) {
    return new ObjectText(96)
        .field("run", parent.run().text())
        .field("path", parent.path().text())
        .field("depth", parent.depth())
        .end();
  }

  private static String intended(Entry.EffectIntended e) {
    var object = begin(e, e, e.call().input().text().length());
    object.field("key", e.key().text()).raw("intent", e.intent().map(EntryWriter::write));
    e.undo().ifPresent(undo -> write(object, undo));
    return call(object, e.call()).end();
  }

  private static void write(ObjectText object, Entry.Undo undo) {
    switch (undo) {
      case Entry.Undo.By by -> object.field("undo", by.name());
      case Entry.Undo.None none -> object.field("noUndo", none.reason());
    }
  }

  private static String forked(Entry.RunForked e) {
    return ObjectText.of(e)
        .field("source", e.source().text())
        .field("at", e.at().text())
        .array("accepted", e.accepted(), path -> ObjectText.quoted(path.text()))
        .array("live", e.live().stream().sorted().toList(), each -> ObjectText.quoted(each.name()))
        .end();
  }

  private static String taken(Entry.AnswerTaken e) {
    var object = begin(e, e, e.call().input().text().length() + e.result().text().length());
    object.raw("intent", e.intent().map(EntryWriter::write));
    return call(object, e.call()).raw("result", e.result().text()).end();
  }

  private static String received(Entry.SignalReceived e) {
    return ObjectText.of(e, e.value().text().length())
        .field("name", e.name())
        .field("id", e.id())
        .field("who", e.who())
        .field("sentAt", e.sentAt().toString())
        .raw("value", e.value().text())
        .end();
  }

  private static String asked(Entry.ApprovalAsked e) {
    return begin(e, e, e.shown().text().length())
        .field("digest", e.digest())
        .array("approvers", e.approvers(), ObjectText::quoted)
        .field("due", e.due().toString())
        .field("escalates", e.escalates())
        .raw("shown", e.shown().text())
        .end();
  }

  private static String said(ObjectText object, String who, String why) {
    return object.field("who", who).field("why", why).end();
  }

  private static ObjectText begin(Record entry, Entry.OfStep ofStep, int payloadLength) {
    return ObjectText.of(entry, payloadLength).field("path", ofStep.path().text());
  }

  private static ObjectText call(ObjectText object, Entry.Call call) {
    return object
        .field("contract", call.contract())
        .field("inputDigest", call.inputDigest())
        .raw("input", call.input().text());
  }

  private static String write(Intent intent) {
    return new ObjectText(96)
        .field("scope", intent.scope())
        .field("name", intent.name())
        .field("generation", intent.generation())
        .end();
  }

  private static String write(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened v -> ObjectText.of(v).raw("result", v.result().text()).end();
      case Verdict.DidNotHappen v -> ObjectText.of(v).end();
    };
  }

  private static String write(Failure failure) {
    return switch (failure) {
      case Failure.NotSent f -> failure(f, f).end();
      case Failure.Rejected f -> failure(f, f).end();
      case Failure.Transient f ->
          failure(f, f)
              .raw("retryAfter", f.retryAfter().map(after -> ObjectText.quoted(after.toString())))
              .end();
      case Failure.Unknown f -> failure(f, f).end();
    };
  }

  private static ObjectText failure(Record value, Failure failure) {
    return ObjectText.of(value).field("code", failure.code()).field("message", failure.message());
  }

  private static String write(Wait wait) {
    return switch (wait) {
      case Wait.Retry w -> wait(w, w).field("due", w.due().toString()).end();
      case Wait.Probe w -> wait(w, w).field("due", w.due().toString()).end();
      case Wait.Doubt w -> wait(w, w).field("reason", w.reason()).end();
      case Wait.HeldIntent w -> wait(w, w).field("holder", w.holder().text()).end();
      case Wait.HeldFact w ->
          wait(w, w)
              .field("fact", w.fact())
              .field("holder", w.holder().text())
              .field("due", w.due().toString())
              .end();
      case Wait.Timer w -> wait(w, w).field("due", w.due().toString()).end();
      case Wait.Signal w ->
          wait(w, w).field("name", w.name()).field("due", w.due().toString()).end();
      case Wait.Child w -> wait(w, w).field("child", w.child().text()).end();
      case Wait.QueueRoom w ->
          wait(w, w).field("queue", w.queue()).field("due", w.due().toString()).end();
      case Wait.Approval w ->
          wait(w, w)
              .array("approvers", w.approvers(), ObjectText::quoted)
              .field("due", w.due().toString())
              .end();
    };
  }

  private static ObjectText wait(Record value, Wait wait) {
    return ObjectText.of(value).field("path", wait.path().text());
  }
}
