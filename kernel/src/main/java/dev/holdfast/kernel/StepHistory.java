package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the journal says of one step so far; grows by one entry at a time, read or written. */
final class StepHistory {
  /** Where a step stands. */
  sealed interface State {
    /** Nothing is recorded of it. */
    record Fresh() implements State {}

    /** An attempt may be out: begun under that epoch at that time. */
    record Attempting(long epoch, Instant since) implements State {}

    /** The last attempt failed, sent at that time at the latest; another is due. */
    record Failed(Failure failure, Instant sentAt, Instant retryAt) implements State {}

    /** It has its result. */
    record Done(Payload result) implements State {}

    /** It was given up. */
    record GaveUp(Failure failure, int attempts) implements State {}

    /** Nobody knows whether it happened. */
    record Doubted(String reason, DoubtPolicy policy) implements State {}

    /** It is known not to have happened. */
    record Denied() implements State {}

    /** It waits, at the latest until then. */
    record Waiting(Instant due) implements State {}

    /** It concerns people, or a time that was up; no effect is ever there. */
    sealed interface Question extends State {}

    /** People were asked. */
    record Asked(Entry.ApprovalAsked question) implements Question {}

    /** Somebody answered. */
    record Answered(Entry.ApprovalAsked question, Entry.ApprovalAnswered answer)
        implements Question {}

    /** The time was up. */
    record Expired() implements Question {}

    /** It has a run of its own; no effect is ever there. */
    sealed interface Child extends State {}

    /** That run was started or is about to be, and may have been told to end. */
    record Running(Entry.ChildStarted child, Instant since, boolean isCancelled) implements Child {}

    /** That run has ended. */
    record Over(Entry.ChildStarted child, Entry.End end) implements Child {}

    /** The run went on without knowing; what was learned later does not change its path. */
    record LeftUnknown(String reason, Optional<Verdict> learned) implements State {}
  }

  private final StepPath path;
  private State state = new State.Fresh();
  private Optional<Entry.Call> call = Optional.empty();
  private Optional<IdempotencyKey> key = Optional.empty();
  private Optional<Intent> intent = Optional.empty();
  private Optional<Entry.Undo> undo = Optional.empty();
  private Optional<Instant> firstSend = Optional.empty();
  private Optional<Instant> takenOverAt = Optional.empty();
  private Optional<Instant> sentAt = Optional.empty();
  private Optional<String> driftedTo = Optional.empty();
  private List<String> branches = List.of();
  private Optional<String> winner = Optional.empty();
  private long sequence = -1;
  private long outcomeSequence = -1;
  private long changedAt = -1;
  private long attemptEpoch;
  private int attempts;
  private int failures;
  private int firstSendAttempt;
  private boolean settled;
  private boolean reopened;

  StepHistory(StepPath path) {
    this.path = path;
  }

  void apply(Recorded recorded) {
    if (sequence < 0) {
      sequence = recorded.sequence();
    }
    if (outcomeSequence < 0 && isResult(recorded.entry())) {
      outcomeSequence = recorded.sequence();
    }
    switch (recorded.entry()) {
      case Entry.OfStep e -> {
        apply(e, recorded);
      }
      case Entry.RunClaimed e -> takenOver(recorded);
      case Entry.RunResumed e -> reopened();
      case Entry.ManifestChanged e -> {}
      case Entry.RunStarted e -> {}
      case Entry.RunForked e -> {}
      case Entry.RollbackStarted e -> {}
      case Entry.AnswerKept e -> {}
      case Entry.RunParked e -> {}
      case Entry.MessageRefused e -> {}
      case Entry.SignalReceived e -> {}
      case Entry.CancelRequested e -> {}
      case Entry.RunQuarantined e -> {}
      case Entry.RunErased e -> {}
      case Entry.End e -> {}
    }
  }

  private void apply(Entry.OfStep entry, Recorded recorded) {
    if (!(entry instanceof Entry.InputDrifted)) {
      changedAt = recorded.sequence();
    }
    switch (entry) {
      case Entry.EffectIntended e -> intended(e, recorded);
      case Entry.AttemptStarted e -> attempting(e.attempt(), recorded);
      case Entry.AttemptFailed e -> failed(e, recorded);
      case Entry.StepAnswered e -> {
        call = Optional.of(e.call());
        state = new State.Done(e.result());
      }
      case Entry.AnswerTaken e -> {
        call = Optional.of(e.call());
        intent = e.intent();
        state = new State.Done(e.result());
      }
      case Entry.EffectSucceeded e -> state = new State.Done(e.result());
      case Entry.EffectGaveUp e -> state = new State.GaveUp(e.failure(), e.attempts());
      case Entry.EffectDoubted e ->
          state =
              e.policy() == DoubtPolicy.PROCEED
                  ? new State.LeftUnknown(e.reason(), Optional.empty())
                  : new State.Doubted(e.reason(), e.policy());
      case Entry.DoubtSettled e -> {
        settled = e.verdict() instanceof Verdict.Happened;
        state = settled(e.verdict());
      }
      case Entry.ClockRead e -> state = new State.Done(new Payload(e.instant().toString()));
      case Entry.SeedDrawn e -> state = new State.Done(new Payload(Long.toString(e.seed())));
      case Entry.ScopeOpened e -> {
        branches = e.branches();
        state = new State.Done(Payload.NULL);
      }
      case Entry.WaitStarted e -> state = new State.Waiting(e.due());
      case Entry.WaitEnded e -> state = new State.Expired();
      case Entry.WaitDropped e -> state = new State.Expired();
      case Entry.SignalTaken e -> state = new State.Done(e.value());
      case Entry.ApprovalAsked e -> state = new State.Asked(e);
      case Entry.ApprovalAnswered e -> {
        if (state instanceof State.Asked asked) {
          state = new State.Answered(asked.question(), e);
        }
      }
      case Entry.OfChild e -> apply(e, recorded.at());
      case Entry.RaceWon e -> winner = Optional.of(e.label());
      case Entry.InputDrifted e -> driftedTo = Optional.of(e.attemptedDigest());
      case Entry.PatchApplied e -> state = new State.Done(Payload.NULL);
      case Entry.TurnSealed e -> {}
    }
  }

  private void apply(Entry.OfChild entry, Instant at) {
    switch (entry) {
      case Entry.ChildStarted e -> state = new State.Running(e, at, false);
      case Entry.ChildCancelled e -> {
        if (state instanceof State.Running running) {
          state = new State.Running(running.child(), running.since(), true);
        } else if (state instanceof State.Over over && over.end() instanceof Entry.RunCompleted) {
          reopened = true;
          state = new State.Running(over.child(), at, true);
        }
      }
      case Entry.ChildEnded e -> {
        if (state instanceof State.Running running) {
          state = new State.Over(running.child(), e.end());
        }
      }
    }
  }

  private static boolean isResult(Entry entry) {
    return entry instanceof Entry.EffectSucceeded
        || entry instanceof Entry.EffectDoubted
        || entry instanceof Entry.DoubtSettled
        || entry instanceof Entry.ChildEnded;
  }

  private void intended(Entry.EffectIntended entry, Recorded recorded) {
    call = Optional.of(entry.call());
    key = Optional.of(entry.key());
    intent = entry.intent();
    undo = entry.undo();
    attempting(1, recorded);
  }

  private void attempting(int attempt, Recorded recorded) {
    attempts = attempt;
    attemptEpoch = recorded.epoch();
    if (firstSend.isEmpty() || wasProbed()) {
      firstSend = Optional.of(recorded.at());
      firstSendAttempt = attempt;
    }
    takenOverAt = Optional.empty();
    sentAt = Optional.empty();
    state = new State.Attempting(recorded.epoch(), recorded.at());
  }

  /**
   * Another attempt of a verified effect means that the target had no trace of the earlier ones.
   */
  private boolean wasProbed() {
    return call.isPresent() && call.get().contract() == Contract.VERIFIED;
  }

  /** The attempt under way leaves now: its intent may have waited long for the store. */
  void sent(Instant now) {
    sentAt = Optional.of(now);
  }

  private void failed(Entry.AttemptFailed entry, Recorded recorded) {
    attempts = entry.attempt();
    failures++;
    if (!entry.failure().mayHaveHappened() && firstSendAttempt == attempts) {
      firstSend = Optional.empty();
    }
    state = new State.Failed(entry.failure(), sentAt.orElse(recorded.at()), entry.retryAt());
  }

  private State settled(Verdict verdict) {
    if (state instanceof State.LeftUnknown left) {
      return new State.LeftUnknown(left.reason(), Optional.of(verdict));
    }
    return switch (verdict) {
      case Verdict.Happened happened -> new State.Done(happened.result());
      case Verdict.DidNotHappen no -> {
        firstSend = Optional.empty();
        outcomeSequence = -1;
        yield new State.Denied();
      }
    };
  }

  /** The first claim after an attempt proves that the process which made it is gone. */
  private void takenOver(Recorded recorded) {
    if (state instanceof State.Attempting attempting
        && attempting.epoch() < recorded.epoch()
        && takenOverAt.isEmpty()) {
      takenOverAt = Optional.of(recorded.at());
    }
  }

  /** A person resumed the run that this step had brought to a halt: its failures count anew. */
  private void reopened() {
    failures = 0;
    if (state instanceof State.GaveUp gaveUp) {
      reopened(gaveUp);
    } else if (state instanceof State.Failed failed) {
      state = new State.Failed(failed.failure(), failed.sentAt(), Instant.MIN);
    }
  }

  /** What names a business fact asks for it again: meanwhile another step may have done it. */
  private void reopened(State.GaveUp gaveUp) {
    if (intent.isPresent() || gaveUp.attempts() == 0) {
      attempts = 0;
      failures = 0;
      state = new State.Fresh();
    } else {
      state = new State.Failed(gaveUp.failure(), Instant.MIN, Instant.MIN);
    }
  }

  StepPath path() {
    return path;
  }

  State state() {
    return state;
  }

  Optional<Entry.Call> call() {
    return call;
  }

  Optional<IdempotencyKey> key() {
    return key;
  }

  Optional<Intent> intent() {
    return intent;
  }

  /** When an attempt went out first that may have reached the target; empty where none has. */
  Optional<Instant> firstSend() {
    return firstSend;
  }

  /** Whether an attempt before that one may have had its effect. */
  boolean mayHaveHappenedBefore(int attempt) {
    return firstSend.isPresent() && firstSendAttempt < attempt;
  }

  /** When the process that made the open attempt was known to be gone. */
  Optional<Instant> takenOverAt() {
    return takenOverAt;
  }

  /** The input that a change was recorded to, if one was. */
  Optional<String> driftedTo() {
    return driftedTo;
  }

  /** Whether a person said what became of it. */
  boolean isSettled() {
    return settled;
  }

  /** Whether the run that it started had completed and was told to undo what it did. */
  boolean isReopened() {
    return reopened;
  }

  /** The labels of a scope's branches. */
  List<String> branches() {
    return branches;
  }

  /** The label of the branch that won, where the scope is a race that is over. */
  Optional<String> winner() {
    return winner;
  }

  /** The sequence of the first entry, for messages. */
  long sequence() {
    return sequence;
  }

  /** The sequence of the entry with which it came to stand as it does, for who answers to that. */
  long changedAt() {
    return changedAt;
  }

  /** The sequence at which it came to something first: its place among others; -1 before. */
  long outcomeSequence() {
    return outcomeSequence;
  }

  /** What a rollback does about it, where that was declared. */
  Optional<Entry.Undo> undo() {
    return undo;
  }

  /** The claim under which its last attempt began; 0 where none has. */
  long attemptEpoch() {
    return attemptEpoch;
  }

  int attempts() {
    return attempts;
  }

  /** Attempts that failed since the run was resumed last; one that a crash cut short did not. */
  int failures() {
    return failures;
  }
}
