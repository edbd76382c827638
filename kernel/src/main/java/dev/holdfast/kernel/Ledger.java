package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Decides what a fact's row means for a step, and what a step's entry means for the row; pure. */
final class Ledger {
  /**
   * A step's request for a fact.
   *
   * @param codec what its key is computed with
   * @param undo what a rollback does about it
   * @param now when it asks
   * @param due until when it waits for another run that is at it
   */
  record Request(
      Codec codec,
      RunId run,
      StepPath path,
      Entry.Call call,
      Optional<Entry.Undo> undo,
      String fact,
      Instant now,
      Instant due) {}

  private Ledger() {}

  /** What is written for a step that asks for a fact of which the ledger holds that. */
  static Reservation.Decision decide(Request asked, Optional<Fact> row) {
    if (row.isEmpty()) {
      return granted(asked, 0);
    }
    Fact held = row.get();
    boolean own = held.run().equals(asked.run()) && held.path().equals(asked.path());
    return switch (held.state()) {
      case FREE -> granted(asked, held.generation());
      case HELD -> own ? granted(asked, held.generation()) : whileHeld(asked, held);
      case IN_DOUBT -> own ? granted(asked, held.generation()) : inDoubt(asked, held);
      case HAPPENED -> happened(asked, held);
      case ERASED -> refused(asked, EffectFailed.AlreadyHappened.of(asked.fact()));
    };
  }

  private static Reservation.Decision granted(Request asked, int generation) {
    var intent = new Intent(Intent.Scope.GLOBAL, asked.fact(), generation);
    var intended =
        new Entry.EffectIntended(
            asked.path(),
            asked.call(),
            Digests.key(asked.codec(), asked.run(), intent),
            Optional.of(intent),
            asked.undo());
    return new Reservation.Decision(
        intended, Optional.of(row(asked.run(), asked.path(), asked.call(), intent)));
  }

  private static Fact row(RunId run, StepPath path, Entry.Call call, Intent intent) {
    return new Fact(
        intent.name(),
        intent.generation(),
        Fact.State.HELD,
        run,
        path,
        call.inputDigest(),
        call.input(),
        Payload.NULL);
  }

  private static Reservation.Decision whileHeld(Request asked, Fact held) {
    return asked.now().isBefore(asked.due())
        ? written(new Entry.WaitStarted(asked.path(), asked.due()))
        : refused(
            asked,
            new Failure.NotSent(
                "intent-held",
                "'%s' is held by run %s at %s, and was until %s."
                    .formatted(asked.fact(), held.run(), held.path(), asked.due())));
  }

  private static Reservation.Decision inDoubt(Request asked, Fact held) {
    return refused(
        asked,
        new Failure.NotSent(
            "intent-in-doubt",
            "'%s' is in doubt in run %s at %s; settle that first."
                .formatted(asked.fact(), held.run(), held.path())));
  }

  private static Reservation.Decision happened(Request asked, Fact held) {
    if (held.inputDigest().equals(asked.call().inputDigest())) {
      return written(
          new Entry.EffectSucceeded(asked.path(), held.result(), Entry.Origin.DEDUPLICATED));
    }
    String holder = "run %s at %s".formatted(held.run(), held.path());
    return refused(
        asked, EffectFailed.IntentConflict.of(asked.fact(), holder, held.input(), asked.call()));
  }

  private static Reservation.Decision refused(Request asked, Failure failure) {
    return written(new Entry.EffectGaveUp(asked.path(), failure, 0));
  }

  private static Reservation.Decision written(Entry entry) {
    return new Reservation.Decision(entry, Optional.empty());
  }

  /** The row that a step's next entry leads to, its own fact's or that of the effect it undoes. */
  static Optional<Fact> after(RunId run, History history, StepHistory step, Entry entry) {
    return Rollback.isUndo(step.path())
        ? history
            .find(step.path().parent())
            .filter(undone -> isDone(entry))
            .flatMap(undone -> global(run, undone))
            .map(Fact::refused)
        : after(run, step, entry);
  }

  private static boolean isDone(Entry entry) {
    return entry instanceof Entry.EffectSucceeded
        || (entry instanceof Entry.DoubtSettled settled
            && settled.verdict() instanceof Verdict.Happened);
  }

  /** The row that a step's next entry leads to, where the step has a fact of the ledger. */
  static Optional<Fact> after(RunId run, StepHistory step, Entry entry) {
    return held(run, step).flatMap(row -> after(step, row, entry));
  }

  private static Optional<Fact> after(StepHistory step, Fact row, Entry entry) {
    return switch (entry) {
      case Entry.EffectSucceeded done -> Optional.of(row.happened(done.result()));
      case Entry.EffectDoubted doubt -> Optional.of(row.in(Fact.State.IN_DOUBT));
      case Entry.EffectGaveUp gaveUp -> Optional.of(after(row, gaveUp.failure()));
      case Entry.DoubtSettled settled -> Optional.of(after(step, row, settled.verdict()));
      default -> Optional.empty();
    };
  }

  private static Fact after(Fact row, Failure failure) {
    return switch (failure) {
      case Failure.Rejected rejected -> row.refused();
      case Failure.NotSent notSent -> row.in(Fact.State.FREE);
      case Failure.Transient later -> row.in(Fact.State.FREE);
      case Failure.Unknown unknown -> row.in(Fact.State.IN_DOUBT);
    };
  }

  /** What did not happen is tried again by its step, unless the run went on without it. */
  private static Fact after(StepHistory step, Fact row, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> row.happened(happened.result());
      case Verdict.DidNotHappen no ->
          row.in(
              step.state() instanceof StepHistory.State.LeftUnknown
                  ? Fact.State.FREE
                  : Fact.State.HELD);
    };
  }

  /** Whether other runs may know already that it happened, so that nobody may say otherwise. */
  static boolean forbids(StepHistory step, Verdict verdict) {
    boolean isGlobal =
        step.intent().filter(intent -> intent.scope() == Intent.Scope.GLOBAL).isPresent();
    return isGlobal && step.isSettled() && verdict instanceof Verdict.DidNotHappen;
  }

  /** What a person said to have happened stays so: other runs may have been told. */
  private static Optional<Fact> held(RunId run, StepHistory step) {
    return step.isSettled() ? Optional.empty() : global(run, step);
  }

  private static Optional<Fact> global(RunId run, StepHistory step) {
    return step.intent()
        .filter(intent -> intent.scope() == Intent.Scope.GLOBAL)
        .flatMap(intent -> step.call().map(call -> row(run, step.path(), call, intent)));
  }

  /** The rows that a run leaves behind which ends with these steps open. */
  static List<Fact> atEnd(RunId run, Collection<StepHistory> steps) {
    var rows = new ArrayList<Fact>();
    for (StepHistory step : steps) {
      if (mayHaveHappened(step)) {
        held(run, step).map(row -> row.in(Fact.State.IN_DOUBT)).ifPresent(rows::add);
      } else if (isOpen(step)) {
        held(run, step).map(row -> row.in(Fact.State.FREE)).ifPresent(rows::add);
      }
    }
    return rows;
  }

  /** The steps that may have happened and nobody knows, however their contract would go on. */
  static List<StepPath> unsettled(History history) {
    return history.steps().stream().filter(Ledger::mayHaveHappened).map(StepHistory::path).toList();
  }

  /** Whether a step may have happened and nobody knows. */
  static boolean mayHaveHappened(StepHistory step) {
    boolean changesSomething =
        step.call().filter(call -> call.contract() != Contract.READ).isPresent();
    return changesSomething
        && switch (step.state()) {
          case StepHistory.State.Attempting open -> true;
          case StepHistory.State.Failed failed -> step.firstSend().isPresent();
          case StepHistory.State.Doubted doubted -> true;
          case StepHistory.State.LeftUnknown left -> left.learned().isEmpty();
          case StepHistory.State.Fresh fresh -> false;
          case StepHistory.State.Done done -> false;
          case StepHistory.State.GaveUp gaveUp -> false;
          case StepHistory.State.Denied denied -> false;
          case StepHistory.State.Waiting waiting -> false;
          case StepHistory.State.Question question -> false;
          case StepHistory.State.Child child -> false;
        };
  }

  private static boolean isOpen(StepHistory step) {
    return step.state() instanceof StepHistory.State.Failed
        || step.state() instanceof StepHistory.State.Denied;
  }
}
