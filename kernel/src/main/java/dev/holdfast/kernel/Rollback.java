package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what a run did, the last first; goes on where a claim before left it.
 *
 * <p>It needs the run's record and the undos that its workflow registered, and never executes the
 * workflow itself.
 */
final class Rollback {
  private static final String KIND = "undo";

  /**
   * An effect that happened and is to be undone, or may have.
   *
   * @param result what it returned; empty where nobody knows whether it happened
   */
  record Unit(StepHistory step, Optional<Payload> result) {}

  /** What an undo is asked with: what the effect was, as the undo's own input. */
  record Undone(@Nullable Object input, @Nullable Object result) {}

  private final Activation activation;
  private final Scope scope;
  private final List<StepPath> undone = new ArrayList<>();
  private final List<StepPath> left = new ArrayList<>();

  Rollback(Activation activation) {
    this.activation = activation;
    this.scope = new Scope(activation);
  }

  /** Whether that step undoes another. */
  static boolean isUndo(StepPath path) {
    return path.kind().equals(KIND);
  }

  /** Whether the next claim of a run with that history and mail undoes it. */
  static boolean isOf(History history, List<Message.Mail> mail) {
    return history.rollback().isPresent()
        || mail.stream().anyMatch(letter -> letter.message() instanceof Message.RollBack);
  }

  /** Returns what became of it once nothing is left to undo. */
  Entry.RunCompensated perform() {
    endChildren();
    standInDoubt();
    for (Unit unit : units(activation.history())) {
      activation.checkNotStopped();
      undo(unit);
    }
    left.addAll(unanswered(activation.history()));
    return new Entry.RunCompensated(started().reason(), undone, left);
  }

  /** What is still going on is ended first; what it completed meanwhile is undone like the rest. */
  private void endChildren() {
    String why = "its parent is rolled back: " + started().reason();
    for (StepHistory step : activation.history().steps()) {
      if (step.state() instanceof StepHistory.State.Running running) {
        hearOf(step, running.child().child(), why);
      }
    }
    activation.children().cancelWithin(StepPath.ROOT, why).forEach(scope::suspend);
    standStill();
  }

  private void standStill() {
    if (scope.isWaiting()) {
      throw new Suspension();
    }
  }

  private Entry.RollbackStarted started() {
    return activation.history().rollback().orElseThrow();
  }

  /**
   * What ended while this run stood completed has told nobody; and a crash may have kept a child
   * from being told to undo itself, whose end may have come before it was awaited.
   */
  private void hearOf(StepHistory step, RunId child, String why) {
    Optional<Entry.End> end =
        end(child).filter(its -> !step.isReopened() || its instanceof Entry.RunCompensated);
    if (hasWritten(child)) {
      return; // the next claim hears of it, and leaves no letter unread
    }
    if (end.isPresent()) {
      activation.outcome(step, new Entry.ChildEnded(step.path(), end.get()));
    } else if (step.isReopened()) {
      tell(child, why);
    }
  }

  /** Whether its end is in the mail; who has ended for all to see has written by then. */
  private boolean hasWritten(RunId child) {
    return activation.hasMail(mail ->
        mail.message() instanceof Message.ChildEnded letter && letter.child().equals(child));
  }

  /** How that run ended, if it has and stands so. */
  private Optional<Entry.End> end(RunId child) {
    return activation
        .reading(() -> activation.parts().journal().last(child))
        .map(Recorded::entry)
        .filter(Entry.End.class::isInstance)
        .map(Entry.End.class::cast);
  }

  /** Tells a run that completed to undo what it did; told again it changes nothing. */
  private void tell(RunId child, String why) {
    boolean isCompleted =
        activation
            .reading(() -> activation.parts().journal().find(child))
            .filter(run -> run.status() == Status.COMPLETED)
            .isPresent();
    var order = new Message.RollBack("run " + activation.run(), why);
    if (isCompleted && activation.await(activation.children().sent(child, order))) {
      activation.parts().wake().run();
    }
  }

  /** A run that a step started and that completed is one unit: it undoes itself. */
  private void undoChild(StepHistory step, StepHistory.State.Over over) {
    StepPath path = step.path();
    RunId child = over.child().child();
    switch (over.end()) {
      case Entry.RunCompleted undoneBefore
          when end(child).filter(Entry.RunCompensated.class::isInstance).isPresent() ->
          undone.add(path);
      case Entry.RunCompleted done -> {
        if (activation.reading(() -> activation.parts().journal().find(child)).isEmpty()) {
          throw halt(path, "started run %s, which is there no more".formatted(child));
        }
        String why = "its parent is rolled back: " + started().reason();
        activation.outcome(step, new Entry.ChildCancelled(path, why));
        activation.barrier(path);
        tell(child, why);
        throw scope.suspend(new Wait.Child(path, child));
      }
      case Entry.RunCompensated gone -> undone.add(path);
      case Entry.RunFailed none -> left.add(path);
      case Entry.RunCancelled none -> left.add(path);
      case Entry.RunTruncated none -> left.add(path);
    }
  }

  /** Nothing is undone before it is known of every effect whether it happened. */
  private void standInDoubt() {
    for (StepHistory step : doubts(activation.history())) {
      if (!(step.state() instanceof StepHistory.State.Doubted)
          && !(step.state() instanceof StepHistory.State.LeftUnknown)) {
        String reason = "the run is rolled back, and it is not known whether this happened";
        activation.outcome(step, new Entry.EffectDoubted(step.path(), reason, DoubtPolicy.ASK));
      }
      scope.suspend(new Wait.Doubt(step.path(), reason(step)));
    }
    standStill();
  }

  /** A repeatable effect that was given up without an answer is left, and said to be. */
  private static List<StepPath> unanswered(History history) {
    return own(history).stream()
        .filter(step ->
            step.state() instanceof StepHistory.State.GaveUp gaveUp
                && gaveUp.failure().mayHaveHappened())
        .map(StepHistory::path)
        .toList();
  }

  private static String reason(StepHistory step) {
    return switch (step.state()) {
      case StepHistory.State.Doubted doubted -> doubted.reason();
      case StepHistory.State.LeftUnknown unknown -> unknown.reason();
      default -> "nobody knows whether it happened";
    };
  }

  /** The effects of which somebody must say first whether they happened; pure. */
  static List<StepHistory> doubts(History history) {
    return own(history).stream()
        .filter(Ledger::mayHaveHappened)
        .filter(step -> !isUndoneUnseen(step))
        .toList();
  }

  /** What happened and is to be undone, in the order of undoing; pure. */
  static List<Unit> units(History history) {
    return Stream.concat(
            own(history).stream().flatMap(step -> unit(step).stream()),
            children(history).map(step -> new Unit(step, Optional.empty())))
        .sorted(Comparator.comparingLong((Unit unit) -> unit.step().outcomeSequence()).reversed())
        .toList();
  }

  /** The steps that started a run of their own which has ended. */
  private static Stream<StepHistory> children(History history) {
    long from = from(history);
    return history.steps().stream()
        .filter(step -> step.state() instanceof StepHistory.State.Over && step.sequence() > from);
  }

  /** What stands before that place belongs to the run that this one was forked from. */
  private static long from(History history) {
    return history.fork().map(History.Fork::sequence).orElse(-1L);
  }

  private static Optional<Unit> unit(StepHistory step) {
    return switch (step.state()) {
      case StepHistory.State.Done done -> Optional.of(new Unit(step, Optional.of(done.result())));
      case StepHistory.State.LeftUnknown(String reason, Optional<Verdict> learned)
          when learned.isPresent() && learned.get() instanceof Verdict.Happened happened ->
          Optional.of(new Unit(step, Optional.of(happened.result())));
      default ->
          isUndoneUnseen(step) ? Optional.of(new Unit(step, Optional.empty())) : Optional.empty();
    };
  }

  private static boolean isUndoneUnseen(StepHistory step) {
    return step.state() instanceof StepHistory.State.Doubted doubted
        && doubted.policy() == DoubtPolicy.COMPENSATE;
  }

  /** What this run itself did to the world: not what it copied, read, or was told of others. */
  private static List<StepHistory> own(History history) {
    long from = from(history);
    return history.steps().stream()
        .filter(step -> !isUndo(step.path()) && step.sequence() > from)
        .filter(step -> step.key().isPresent())
        .filter(step -> step.call().filter(call -> call.contract() != Contract.READ).isPresent())
        .toList();
  }

  private void undo(Unit unit) {
    StepPath path = unit.step().path();
    if (unit.step().state() instanceof StepHistory.State.Over over) {
      undoChild(unit.step(), over);
      return;
    }
    if (unit.step().undo().isPresent() && unit.step().undo().get() instanceof Entry.Undo.By by) {
      undo(unit, registered(path, by.name()));
      undone.add(path);
    } else {
      left.add(path);
    }
  }

  private Workflow.Undo<?, ?> registered(StepPath path, String name) {
    return activation
        .undos()
        .find(name)
        .orElseThrow(() ->
            halt(
                path,
                "is to be undone by '%s', which workflow %s does not register any more"
                    .formatted(name, activation.undos().workflow())));
  }

  private <A, B> void undo(Unit unit, Workflow.Undo<A, B> undo) {
    StepPath path = next(activation.history(), unit.step().path(), undo.name());
    Undone asked = asked(unit, undo, path);
    try {
      new EffectStep<>(activation, scope, path, spec(asked, undo), asked).perform();
    } catch (EffectFailed failed) {
      throw halt(path, "failed: " + Redaction.of(failed));
    }
  }

  /**
   * The undo to perform: a refused one may be stored at its target, so the next has its own key.
   */
  private static StepPath next(History history, StepPath undone, String name) {
    int number = 0;
    while (isRefused(history.find(undone.child(KIND, name, number)))) {
      number++;
    }
    return undone.child(KIND, name, number);
  }

  private static boolean isRefused(Optional<StepHistory> undo) {
    return undo.map(StepHistory::state)
        .filter(state ->
            state instanceof StepHistory.State.GaveUp gaveUp
                && gaveUp.failure() instanceof Failure.Rejected)
        .isPresent();
  }

  /** Whether that step undoes another and its target said no. */
  static boolean isRefusedUndo(StepHistory step) {
    return isUndo(step.path()) && isRefused(Optional.of(step));
  }

  /** Whether a rollback has undone that effect. */
  static boolean isUndone(History history, StepHistory step) {
    return step.undo().isPresent()
        && step.undo().get() instanceof Entry.Undo.By by
        && history
            .find(next(history, step.path(), by.name()))
            .filter(undo -> undo.state() instanceof StepHistory.State.Done)
            .isPresent();
  }

  private <A, B> Undone asked(Unit unit, Workflow.Undo<A, B> undo, StepPath path) {
    try {
      Payload input = unit.step().call().orElseThrow().input();
      return new Undone(
          decoded(input, undo.inputType()),
          decoded(unit.result().orElse(Payload.NULL), undo.resultType()));
    } catch (IllegalArgumentException unreadable) {
      throw halt(path, "cannot read what it is to undo: " + Redaction.of(unreadable));
    }
  }

  private <T> @Nullable T decoded(Payload payload, Class<T> type) {
    return payload.equals(Payload.NULL) ? null : activation.parts().decode(payload, type);
  }

  @SuppressWarnings({"NullAway", "unchecked"}) // an effect whose input is null is undone with null
  private static <A, B> EffectSpec<Undone, Object> spec(Undone asked, Workflow.Undo<A, B> undo) {
    A input = (A) asked.input();
    Optional<B> result = Optional.ofNullable((B) asked.result());
    return EffectSpec.of(
        undo.contract(),
        Object.class,
        (key, none) -> {
          undo.body().undo(key, input, result);
          return "";
        });
  }

  /** The rollback stands half-way until a person removes the cause. */
  private Suspension halt(StepPath path, String what) {
    return activation.stop(
        new Stop.Quarantine(
            "The rollback stands half-way: %s %s. Remove the cause and resume, or undo it by hand"
                    .formatted(path, what)
                + " and settle that it happened.",
            Optional.of(path)));
  }
}
