package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what {@link EntryWriter} wrote and refuses everything else. */
final class EntryReader {
  private final JsonFactory factory;

  EntryReader(JsonFactory factory) {
    this.factory = factory;
  }

  Entry entry(String text) throws IOException {
    Fields fields = Fields.of(factory, text);
    String is = fields.text("is");
    Entry entry =
        switch (is) {
          case "SignalReceived", "CancelRequested", "MessageRefused", "ManifestChanged" ->
              ofMessage(is, fields);
          case "AnswerKept" -> kept(fields);
          case "RollbackStarted" ->
              new Entry.RollbackStarted(fields.text("reason"), fields.optionalText("who"));
          default -> is.startsWith("Run") ? ofRun(is, fields) : ofStep(is, fields);
        };
    fields.requireAllRead();
    return entry;
  }

  Recorded recorded(String text) throws IOException {
    Fields fields = Fields.of(factory, text);
    var recorded =
        new Recorded(
            fields.longNumber("sequence"),
            fields.longNumber("epoch"),
            fields.instant("at"),
            entry(fields.payload("entry").text()));
    fields.requireAllRead();
    return recorded;
  }

  RunState run(String text) throws IOException {
    Fields fields = Fields.of(factory, text);
    var run =
        new RunState(
            new RunId(fields.text("id")),
            fields.text("workflow"),
            fields.text("version"),
            fields.constant("status", Status.class),
            fields.longNumber("epoch"),
            fields.optionalText("readyAt").map(Instant::parse),
            fields.instant("startedAt"),
            fields.instant("changedAt"),
            fields.text("inputDigest"),
            fields.optionalText("queue"),
            fields.optionalText("session"));
    fields.requireAllRead();
    return run;
  }

  Message message(String text) throws IOException {
    Fields fields = Fields.of(factory, text);
    String is = fields.text("is");
    Message message =
        switch (is) {
          case "Settle" -> settle(fields);
          case "Signal" -> signal(fields);
          case "Approve" -> approve(fields);
          case "Evidence" -> evidence(fields);
          case "ChildEnded" ->
              new Message.ChildEnded(
                  fields.path("path"), new RunId(fields.text("child")), end(fields));
          case "Cancel" -> new Message.Cancel(fields.text("who"), fields.text("why"));
          case "RollBack" -> new Message.RollBack(fields.text("who"), fields.text("why"));
          case "Resume" -> new Message.Resume(fields.text("who"), fields.text("why"));
          default -> throw unknown("message", is);
        };
    fields.requireAllRead();
    return message;
  }

  Fact fact(String text) throws IOException {
    Fields fields = Fields.of(factory, text);
    var fact =
        new Fact(
            fields.text("name"),
            fields.number("generation"),
            fields.constant("state", Fact.State.class),
            new RunId(fields.text("run")),
            fields.path("path"),
            fields.text("inputDigest"),
            fields.payload("input"),
            fields.payload("result"),
            fields.text("settledBy"));
    fields.requireAllRead();
    return fact;
  }

  private static Message settle(Fields fields) throws IOException {
    return new Message.Settle(
        fields.path("path"),
        fields.optionalLong("doubt"),
        verdict(fields),
        fields.text("who"),
        fields.text("why"));
  }

  private static Message evidence(Fields fields) throws IOException {
    return new Message.Evidence(
        fields.path("path"),
        fields.longNumber("epoch"),
        verdict(fields),
        fields.text("who"),
        fields.text("why"));
  }

  private static Message signal(Fields fields) throws IOException {
    return new Message.Signal(
        fields.text("name"),
        fields.text("id"),
        fields.payload("value"),
        fields.text("who"),
        fields.text("why"));
  }

  private static Message approve(Fields fields) throws IOException {
    return new Message.Approve(
        fields.path("path"),
        fields.text("digest"),
        fields.flag("granted"),
        fields.text("who"),
        fields.text("why"));
  }

  private Entry ofRun(String is, Fields fields) throws IOException {
    return switch (is) {
      case "RunStarted" ->
          new Entry.RunStarted(
              fields.text("workflow"),
              fields.text("version"),
              fields.payload("input"),
              fields.text("inputDigest"),
              fields.optionalText("deadline").map(Instant::parse),
              parent(fields),
              fields.optionalTexts("manifest"));
      case "RunForked" -> forked(fields);
      case "RunClaimed" -> new Entry.RunClaimed(fields.text("worker"));
      case "RunParked" -> new Entry.RunParked(waits(fields.elements("waits")));
      case "RunResumed" -> new Entry.RunResumed(fields.text("who"), fields.text("why"));
      case "RunErased" -> new Entry.RunErased(fields.text("who"), fields.text("why"));
      case "RunCompleted" -> new Entry.RunCompleted(fields.payload("result"));
      case "RunFailed" -> new Entry.RunFailed(fields.text("reason"), optionalFailure(fields));
      case "RunCancelled" ->
          new Entry.RunCancelled(
              fields.text("who"), fields.text("why"), paths(fields, "unsettled"));
      case "RunCompensated" ->
          new Entry.RunCompensated(
              fields.text("reason"), paths(fields, "undone"), paths(fields, "left"));
      case "RunTruncated" ->
          new Entry.RunTruncated(
              fields.text("limit"), fields.text("facts"), paths(fields, "unsettled"));
      case "RunQuarantined" ->
          new Entry.RunQuarantined(
              fields.text("reason"), fields.optionalText("path").map(StepPath::new));
      default -> throw unknown("entry", is);
    };
  }

  private static Entry forked(Fields fields) throws IOException {
    return new Entry.RunForked(
        new RunId(fields.text("source")),
        fields.path("at"),
        fields.texts("accepted").stream().map(StepPath::new).toList(),
        fields.texts("live").stream().map(Contract::valueOf).collect(Collectors.toSet()));
  }

  private Entry kept(Fields fields) throws IOException {
    Fields answer = fields.object("answer");
    String is = answer.text("is");
    if (!is.equals("AnswerTaken") || !(ofStep(is, answer) instanceof Entry.AnswerTaken taken)) {
      throw unknown("answer", is);
    }
    answer.requireAllRead();
    return new Entry.AnswerKept(taken);
  }

  private static Entry ofMessage(String is, Fields fields) throws IOException {
    return switch (is) {
      case "SignalReceived" -> received(fields);
      case "ManifestChanged" ->
          new Entry.ManifestChanged(fields.optionalTexts("now"), fields.texts("gone"));
      case "CancelRequested" -> new Entry.CancelRequested(fields.text("who"), fields.text("why"));
      case "MessageRefused" ->
          new Entry.MessageRefused(fields.text("message"), fields.text("reason"));
      default -> throw unknown("entry", is);
    };
  }

  private Entry ofStep(String is, Fields fields) throws IOException {
    StepPath path = fields.path("path");
    return switch (is) {
      case "ScopeOpened" -> new Entry.ScopeOpened(path, fields.texts("branches"));
      case "EffectIntended" ->
          new Entry.EffectIntended(
              path,
              call(fields),
              new IdempotencyKey(fields.text("key")),
              intent(fields),
              undo(fields));
      case "AttemptStarted" -> new Entry.AttemptStarted(path, fields.number("attempt"));
      case "AttemptFailed" ->
          new Entry.AttemptFailed(
              path,
              fields.number("attempt"),
              failure(fields.object("failure")),
              fields.instant("retryAt"));
      case "StepAnswered" -> new Entry.StepAnswered(path, call(fields), fields.payload("result"));
      case "EffectSucceeded" ->
          new Entry.EffectSucceeded(
              path, fields.payload("result"), fields.constant("origin", Entry.Origin.class));
      case "AnswerTaken" ->
          new Entry.AnswerTaken(path, call(fields), intent(fields), fields.payload("result"));
      case "EffectGaveUp" ->
          new Entry.EffectGaveUp(
              path, failure(fields.object("failure")), fields.number("attempts"));
      case "EffectDoubted" ->
          new Entry.EffectDoubted(
              path, fields.text("reason"), fields.constant("policy", DoubtPolicy.class));
      case "DoubtSettled" ->
          new Entry.DoubtSettled(path, verdict(fields), fields.text("who"), fields.text("why"));
      case "InputDrifted" ->
          new Entry.InputDrifted(
              path, fields.text("recordedDigest"), fields.text("attemptedDigest"));
      case "PatchApplied" -> new Entry.PatchApplied(path);
      case "TurnSealed" -> new Entry.TurnSealed(path, fields.payload("state"), fields.flag("last"));
      case "ClockRead" -> new Entry.ClockRead(path, fields.instant("instant"));
      case "SeedDrawn" -> new Entry.SeedDrawn(path, fields.longNumber("seed"));
      case "RaceWon" -> new Entry.RaceWon(path, fields.text("label"));
      default -> is.startsWith("Child") ? ofChild(is, path, fields) : ofWait(is, path, fields);
    };
  }

  private Entry ofChild(String is, StepPath path, Fields fields) throws IOException {
    return switch (is) {
      case "ChildStarted" ->
          new Entry.ChildStarted(
              path,
              new RunId(fields.text("child")),
              fields.text("workflow"),
              fields.text("inputDigest"),
              fields.optionalText("deadline").map(Instant::parse));
      case "ChildCancelled" -> new Entry.ChildCancelled(path, fields.text("why"));
      case "ChildEnded" -> new Entry.ChildEnded(path, end(fields));
      default -> throw unknown("entry", is);
    };
  }

  private static List<StepPath> paths(Fields fields, String name) throws IOException {
    return fields.texts(name).stream().map(StepPath::new).toList();
  }

  private static Optional<Entry.Undo> undo(Fields fields) throws IOException {
    Optional<Entry.Undo> by = fields.optionalText("undo").map(Entry.Undo.By::new);
    Optional<Entry.Undo> none = fields.optionalText("noUndo").map(Entry.Undo.None::new);
    return by.or(() -> none);
  }

  private Entry.End end(Fields fields) throws IOException {
    Fields object = fields.object("end");
    String is = object.text("is");
    if (is.startsWith("Run") && ofRun(is, object) instanceof Entry.End end) {
      object.requireAllRead();
      return end;
    }
    throw unknown("end of a run", is);
  }

  private static Optional<Entry.Parent> parent(Fields fields) throws IOException {
    Optional<Fields> present = fields.optionalObject("parent");
    if (present.isEmpty()) {
      return Optional.empty();
    }
    Fields parent = present.get();
    var read =
        new Entry.Parent(
            new RunId(parent.text("run")), parent.path("path"), parent.number("depth"));
    parent.requireAllRead();
    return Optional.of(read);
  }

  private static Entry ofWait(String is, StepPath path, Fields fields) throws IOException {
    return switch (is) {
      case "WaitStarted" -> new Entry.WaitStarted(path, fields.instant("due"));
      case "WaitDropped" -> new Entry.WaitDropped(path);
      case "WaitEnded" -> new Entry.WaitEnded(path);
      case "SignalTaken" -> new Entry.SignalTaken(path, fields.text("id"), fields.payload("value"));
      case "ApprovalAsked" -> asked(path, fields);
      case "ApprovalAnswered" ->
          new Entry.ApprovalAnswered(
              path, fields.flag("granted"), fields.text("who"), fields.text("why"));
      default -> throw unknown("entry", is);
    };
  }

  private static Entry asked(StepPath path, Fields fields) throws IOException {
    return new Entry.ApprovalAsked(
        path,
        fields.payload("shown"),
        fields.text("digest"),
        fields.texts("approvers"),
        fields.instant("due"),
        fields.flag("escalates"));
  }

  private static Entry.Call call(Fields fields) throws IOException {
    return new Entry.Call(
        fields.constant("contract", Contract.class),
        fields.text("inputDigest"),
        fields.payload("input"));
  }

  private static Optional<Intent> intent(Fields fields) throws IOException {
    Optional<Fields> present = fields.optionalObject("intent");
    if (present.isEmpty()) {
      return Optional.empty();
    }
    Fields intent = present.get();
    var read =
        new Intent(
            intent.constant("scope", Intent.Scope.class),
            intent.text("name"),
            intent.number("generation"));
    intent.requireAllRead();
    return Optional.of(read);
  }

  private static Verdict verdict(Fields fields) throws IOException {
    Fields verdict = fields.object("verdict");
    String is = verdict.text("is");
    Verdict read =
        switch (is) {
          case "Happened" -> new Verdict.Happened(verdict.payload("result"));
          case "DidNotHappen" -> new Verdict.DidNotHappen();
          default -> throw unknown("verdict", is);
        };
    verdict.requireAllRead();
    return read;
  }

  private static Optional<Failure> optionalFailure(Fields fields) throws IOException {
    Optional<Fields> present = fields.optionalObject("failure");
    return present.isEmpty() ? Optional.empty() : Optional.of(failure(present.get()));
  }

  private static Entry received(Fields fields) throws IOException {
    return new Entry.SignalReceived(
        fields.text("name"),
        fields.text("id"),
        fields.payload("value"),
        fields.text("who"),
        fields.instant("sentAt"));
  }

  private static Failure failure(Fields fields) throws IOException {
    String is = fields.text("is");
    String code = fields.text("code");
    String message = fields.text("message");
    Failure read =
        switch (is) {
          case "NotSent" -> new Failure.NotSent(code, message);
          case "Rejected" -> new Failure.Rejected(code, message);
          case "Transient" ->
              new Failure.Transient(
                  code, message, fields.optionalText("retryAfter").map(Duration::parse));
          case "Unknown" -> new Failure.Unknown(code, message);
          default -> throw unknown("failure", is);
        };
    fields.requireAllRead();
    return read;
  }

  private List<Wait> waits(List<String> elements) throws IOException {
    var waits = new ArrayList<Wait>();
    for (String element : elements) {
      waits.add(wait(Fields.of(factory, element)));
    }
    return waits;
  }

  private static Wait wait(Fields fields) throws IOException {
    String is = fields.text("is");
    StepPath path = fields.path("path");
    Wait read =
        switch (is) {
          case "Retry" -> new Wait.Retry(path, fields.instant("due"));
          case "Probe" -> new Wait.Probe(path, fields.instant("due"));
          case "Doubt" -> new Wait.Doubt(path, fields.text("reason"));
          case "HeldIntent" -> new Wait.HeldIntent(path, fields.path("holder"));
          case "HeldFact" ->
              new Wait.HeldFact(
                  path,
                  fields.text("fact"),
                  new RunId(fields.text("holder")),
                  fields.instant("due"));
          case "Timer" -> new Wait.Timer(path, fields.instant("due"));
          case "Signal" -> new Wait.Signal(path, fields.text("name"), fields.instant("due"));
          case "Child" -> new Wait.Child(path, new RunId(fields.text("child")));
          case "QueueRoom" -> new Wait.QueueRoom(path, fields.text("queue"), fields.instant("due"));
          case "Approval" ->
              new Wait.Approval(path, fields.texts("approvers"), fields.instant("due"));
          default -> throw unknown("wait", is);
        };
    fields.requireAllRead();
    return read;
  }

  private static IllegalArgumentException unknown(String what, String is) {
    return new IllegalArgumentException("this version knows no %s '%s'".formatted(what, is));
  }
}
