package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tells from the journal where a run stands. */
record Outcomes(JournalReader journal, Codec codec, Clock clock) {
  /** Which of several waits is told, the last first: what somebody must do counts most. */
  private static final List<Outcome.Why> URGENCY =
      List.of(
          Outcome.Why.HELD_INTENT,
          Outcome.Why.TIMER,
          Outcome.Why.CHILD,
          Outcome.Why.SIGNAL,
          Outcome.Why.PERSON);

  private static final Duration UNCLAIMED_MAX = Duration.ofMinutes(1);

  <O> Outcome<O> of(RunId run, Class<O> type) {
    RunState state = journal.find(run).orElseThrow(() -> notFound(run));
    return switch (state.status()) {
      case READY ->
          new Outcome.Waiting<>(Attached.is(state) ? Outcome.Why.CALLER : queued(state), List.of());
      case EXECUTING -> new Outcome.Waiting<>(Outcome.Why.EXECUTING, List.of());
      case WAITING,
          AWAITING_APPROVAL,
          IN_DOUBT,
          QUARANTINED,
          COMPLETED,
          TRUNCATED,
          COMPENSATED,
          FAILED,
          CANCELLED ->
          standing(run, type);
    };
  }

  RunException.RunNotFound notFound(RunId run) {
    return new RunException.RunNotFound(
        "There is no run '%s' in %s. Check the id, or list the runs."
            .formatted(run, journal.location()));
  }

  private Outcome.Why queued(RunState state) {
    boolean overdue =
        state.readyAt().filter(ready -> clock.now().isAfter(ready.plus(UNCLAIMED_MAX))).isPresent();
    return overdue && !isQueueBusy(state) ? Outcome.Why.NOBODY_CAN_EXECUTE_IT : Outcome.Why.QUEUED;
  }

  /** A place in its queue may take long to become free. */
  private boolean isQueueBusy(RunState state) {
    return state.queue().flatMap(journal::load).filter(load -> load.executing() > 0).isPresent();
  }

  private <O> Outcome<O> standing(RunId run, Class<O> type) {
    Optional<Recorded> last = journal.last(run);
    return last.isPresent() ? of(last.get().entry(), type) : executing();
  }

  /** Where a run stands whose newest entry that is. */
  <O> Outcome<O> of(Entry entry, Class<O> type) {
    return switch (entry) {
      case Entry.RunCompleted completed ->
          new Outcome.Completed<>(Parts.decode(codec, completed.result(), type));
      case Entry.RunFailed failed -> new Outcome.Failed<>(failed.reason(), failed.failure());
      case Entry.RunTruncated limit ->
          new Outcome.Truncated<>(limit.limit(), limit.facts(), limit.unsettled());
      case Entry.RunCancelled cancel ->
          new Outcome.Cancelled<>(cancel.who(), cancel.why(), cancel.unsettled());
      case Entry.RunQuarantined halt -> new Outcome.Quarantined<>(halt.reason());
      case Entry.RunErased erased ->
          throw new RunException.RunGone(
              "The data of the run was erased by %s (%s): its outcome cannot be told any more."
                  .formatted(erased.who(), erased.why()));
      case Entry.RunParked parked -> parked(parked.waits());
      // claimed again between the two looks: the next look sees how that ends
      case Entry.OfStep step -> executing();
      case Entry.RunStarted started -> executing();
      case Entry.RunCompensated undone ->
          new Outcome.Compensated<>(undone.reason(), undone.undone(), undone.left());
      case Entry.RollbackStarted started -> executing();
      case Entry.RunForked forked -> executing();
      case Entry.AnswerKept kept -> executing();
      case Entry.RunClaimed claimed -> executing();
      case Entry.RunResumed resumed -> executing();
      case Entry.MessageRefused refused -> executing();
      case Entry.SignalReceived signal -> executing();
      case Entry.CancelRequested request -> executing();
      case Entry.ManifestChanged changed -> executing();
    };
  }

  private static <O> Outcome<O> executing() {
    return new Outcome.Waiting<>(Outcome.Why.EXECUTING, List.of());
  }

  private static <O> Outcome<O> parked(List<Wait> waits) {
    List<Outcome.Doubt> doubts =
        waits.stream()
            .filter(Wait.Doubt.class::isInstance)
            .map(Wait.Doubt.class::cast)
            .map(doubt -> new Outcome.Doubt(doubt.path(), doubt.reason()))
            .toList();
    if (!doubts.isEmpty()) {
      return new Outcome.InDoubt<>(doubts);
    }
    return new Outcome.Waiting<>(mostUrgent(waits), waits);
  }

  private static Outcome.Why mostUrgent(List<Wait> waits) {
    return waits.stream()
        .map(Outcomes::why)
        .max(Comparator.comparingInt(URGENCY::indexOf))
        .orElse(Outcome.Why.QUEUED);
  }

  private static Outcome.Why why(Wait wait) {
    return switch (wait) {
      case Wait.Approval approval -> Outcome.Why.PERSON;
      case Wait.Doubt doubt -> Outcome.Why.PERSON;
      case Wait.Signal signal -> Outcome.Why.SIGNAL;
      case Wait.Timer timer -> Outcome.Why.TIMER;
      case Wait.Retry retry -> Outcome.Why.TIMER;
      case Wait.Probe probe -> Outcome.Why.TIMER;
      case Wait.Child child -> Outcome.Why.CHILD;
      case Wait.QueueRoom room -> Outcome.Why.CHILD;
      case Wait.HeldIntent held -> Outcome.Why.HELD_INTENT;
      case Wait.HeldFact held -> Outcome.Why.HELD_INTENT;
    };
  }
}
