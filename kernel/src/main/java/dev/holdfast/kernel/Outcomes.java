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
import java.util.List;
import java.util.Optional;

/** Tells from the journal where a run stands. */
record Outcomes(JournalReader journal, Codec codec, Clock clock) {
  private static final Duration UNCLAIMED_MAX = Duration.ofMinutes(1);

  <O> Outcome<O> of(RunId run, Class<O> type) {
    RunState state = journal.find(run).orElseThrow(() -> notFound(run));
    return switch (state.status()) {
      case READY -> new Outcome.Waiting<>(queued(state), List.of());
      case EXECUTING -> new Outcome.Waiting<>(Outcome.Why.EXECUTING, List.of());
      case WAITING, IN_DOUBT, QUARANTINED, COMPLETED, TRUNCATED, FAILED -> standing(run, type);
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
    return overdue ? Outcome.Why.NOBODY_CAN_EXECUTE_IT : Outcome.Why.QUEUED;
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
      case Entry.RunTruncated limit -> new Outcome.Truncated<>(limit.limit(), limit.facts());
      case Entry.RunQuarantined halt -> new Outcome.Quarantined<>(halt.reason());
      case Entry.RunParked parked -> parked(parked.waits());
      // claimed again between the two looks: the next look sees how that ends
      case Entry.OfStep step -> executing();
      case Entry.RunStarted started -> executing();
      case Entry.RunClaimed claimed -> executing();
      case Entry.RunResumed resumed -> executing();
      case Entry.MessageRefused refused -> executing();
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
    boolean timer = waits.stream().anyMatch(wait -> !(wait instanceof Wait.HeldIntent));
    return new Outcome.Waiting<>(timer ? Outcome.Why.TIMER : Outcome.Why.HELD_INTENT, waits);
  }
}
