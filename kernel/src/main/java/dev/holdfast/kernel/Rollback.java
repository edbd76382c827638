package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
    standInDoubt();
    for (Unit unit : units(activation.history())) {
      activation.checkNotStopped();
      undo(unit);
    }
    Entry.RollbackStarted started = activation.history().rollback().orElseThrow();
    return new Entry.RunCompensated(started.reason(), undone, left);
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
    if (scope.isWaiting()) {
      throw new Suspension();
    }
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
    return own(history).stream()
        .flatMap(step -> unit(step).stream())
        .sorted(Comparator.comparingLong((Unit unit) -> unit.step().lastSequence()).reversed())
        .toList();
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
    long from = history.fork().map(History.Fork::sequence).orElse(-1L);
    return history.steps().stream()
        .filter(step -> !isUndo(step.path()) && step.sequence() > from)
        .filter(step -> step.key().isPresent())
        .filter(step -> step.call().filter(call -> call.contract() != Contract.READ).isPresent())
        .toList();
  }

  private void undo(Unit unit) {
    StepPath path = unit.step().path();
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
    StepPath path = path(unit.step().path(), undo.name());
    Undone asked = asked(unit, undo, path);
    try {
      new EffectStep<>(activation, scope, path, spec(asked, undo), asked).perform();
    } catch (EffectFailed failed) {
      throw halt(path, "failed: " + Redaction.of(failed));
    }
  }

  static StepPath path(StepPath undone, String name) {
    return undone.child(KIND, name, 0);
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
