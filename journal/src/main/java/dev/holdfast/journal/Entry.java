package dev.holdfast.journal;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A fact in the history of a run. */
public sealed interface Entry {
  /**
   * Whether the run got further by it: a step came to something, a wait or the run itself to its
   * end. What only begins, arrives or repeats is none, so that a run which dies of its next step
   * for ever has no new one.
   */
  default boolean isOutcome() {
    return switch (this) {
      case StepAnswered e -> true;
      case AttemptFailed e -> true;
      case EffectSucceeded e -> true;
      case EffectGaveUp e -> true;
      case EffectDoubted e -> true;
      case DoubtSettled e -> true;
      case ClockRead e -> true;
      case SeedDrawn e -> true;
      case WaitEnded e -> true;
      case SignalTaken e -> true;
      case ApprovalAnswered e -> true;
      case AnswerTaken e -> true;
      case ChildEnded e -> true;
      case RaceWon e -> true;
      case WaitDropped e -> true;
      case TurnSealed e -> true;
      case RunParked e -> true;
      case RunCompleted e -> true;
      case RunFailed e -> true;
      case RunCancelled e -> true;
      case RunTruncated e -> true;
      case RunCompensated e -> true;
      case RollbackStarted e -> true;
      case RunQuarantined e -> true;
      case RunStarted e -> false;
      case RunClaimed e -> false;
      case RunForked e -> false;
      case AnswerKept e -> false;
      case ScopeOpened e -> false;
      case EffectIntended e -> false;
      case AttemptStarted e -> false;
      case InputDrifted e -> false;
      case WaitStarted e -> false;
      case ApprovalAsked e -> false;
      case ChildStarted e -> false;
      case ChildCancelled e -> false;
      case SignalReceived e -> false;
      case CancelRequested e -> false;
      case RunResumed e -> false;
      case MessageRefused e -> false;
      case RunErased e -> false;
      case PatchApplied e -> false;
      case ManifestChanged e -> false;
    };
  }

  /** A fact about one step or scope. */
  sealed interface OfStep extends Entry {
    /** The place of the step or scope. */
    StepPath path();
  }

  /** What a step was asked to do: the fingerprint that a replay must match. */
  record Call(Contract contract, String inputDigest, Payload input) {}

  /** Where a recorded outcome came from. */
  enum Origin {
    /** This attempt's own answer. */
    FRESH,
    /** The outcome of an earlier effect with the same intent. */
    DEDUPLICATED,
    /** Learned afterwards: from the target's memory of the key, the dedupe row or a probe. */
    RECONCILED
  }

  /** How a run ended. */
  sealed interface End extends Entry {}

  /**
   * The step that a run was started by.
   *
   * @param run the run that waits for this one's end
   * @param path its step
   * @param depth how many runs stand above this one, from 1
   */
  record Parent(RunId run, StepPath path, int depth) {}

  /**
   * The run was accepted.
   *
   * @param deadline when it ends at the latest, if ever
   * @param parent who is told of its end, if anybody
   * @param manifest what it was to be executed with, as digests or versions by name
   */
  record RunStarted(
      String workflow,
      String version,
      Payload input,
      String inputDigest,
      Optional<Instant> deadline,
      Optional<Parent> parent,
      Map<String, String> manifest)
      implements Entry {
    /** Copies the manifest, sorted by name. */
    public RunStarted {
      manifest = Collections.unmodifiableMap(new TreeMap<>(manifest));
    }

    /** A run without a deadline that no other run started, with an empty manifest. */
    public RunStarted(String workflow, String version, Payload input, String inputDigest) {
      this(workflow, version, input, inputDigest, Optional.empty(), Optional.empty(), Map.of());
    }
  }

  /**
   * The run began as another one up to one of its steps; the entries before this are that one's.
   *
   * @param source the other run
   * @param at the first step that is this run's own
   * @param accepted effects of the source after the cut that may be sent again, under new keys
   * @param live the contracts of which effects are performed that the source has no answer for
   */
  record RunForked(RunId source, StepPath at, List<StepPath> accepted, Set<Contract> live)
      implements Entry {
    /** Copies the steps and contracts. */
    public RunForked {
      accepted = List.copyOf(accepted);
      live = Set.copyOf(live);
    }
  }

  /** What a step of the source came to after the cut: the answer to the fork's step there. */
  record AnswerKept(AnswerTaken answer) implements Entry {}

  /**
   * The run is executed with something else than before; its recorded outcomes stand.
   *
   * @param now what is new or different in the manifest, by name
   * @param gone the names that are no longer in it
   */
  record ManifestChanged(Map<String, String> now, List<String> gone) implements Entry {
    /** Copies both, sorted by name. */
    public ManifestChanged {
      now = Collections.unmodifiableMap(new TreeMap<>(now));
      gone = gone.stream().sorted().toList();
    }
  }

  /** A worker took the run. */
  record RunClaimed(String worker) implements Entry {}

  /** A scope was opened, with the labels of its branches where it has any. */
  record ScopeOpened(StepPath path, List<String> branches) implements OfStep {
    /** Copies the labels. */
    public ScopeOpened {
      branches = List.copyOf(branches);
    }
  }

  /** What a rollback does about an effect. */
  sealed interface Undo {
    /** The undo of that name, which its workflow registered. */
    record By(String name) implements Undo {}

    /** Nothing, for that reason. */
    record None(String reason) implements Undo {}
  }

  /**
   * An effect is about to go out for the first time.
   *
   * @param undo what a rollback does about it, where that was declared
   */
  record EffectIntended(
      StepPath path, Call call, IdempotencyKey key, Optional<Intent> intent, Optional<Undo> undo)
      implements OfStep {
    /** An effect of which nobody said how it is undone. */
    public EffectIntended(StepPath path, Call call, IdempotencyKey key, Optional<Intent> intent) {
      this(path, call, key, intent, Optional.empty());
    }
  }

  /** A further attempt is about to go out; the first is part of the intent. */
  record AttemptStarted(StepPath path, int attempt) implements OfStep {}

  /** An attempt failed and another is due. */
  record AttemptFailed(StepPath path, int attempt, Failure failure, Instant retryAt)
      implements OfStep {}

  /** A read or a pure step gave its result; call and outcome in one. */
  record StepAnswered(StepPath path, Call call, Payload result) implements OfStep {}

  /** An effect happened. */
  record EffectSucceeded(StepPath path, Payload result, Origin origin) implements OfStep {}

  /** A fork's step got the answer of the same step of its source; nothing was sent. */
  record AnswerTaken(StepPath path, Call call, Optional<Intent> intent, Payload result)
      implements OfStep {}

  /** A step was given up: refused, or its attempts are used up. */
  record EffectGaveUp(StepPath path, Failure failure, int attempts) implements OfStep {}

  /** Nobody knows whether the effect happened. */
  record EffectDoubted(StepPath path, String reason, DoubtPolicy policy) implements OfStep {}

  /** Somebody, or a probe, said whether it happened. */
  record DoubtSettled(StepPath path, Verdict verdict, String who, String why) implements OfStep {}

  /** A step's input differs from the recorded one and its policy lets the run go on. */
  record InputDrifted(StepPath path, String recordedDigest, String attemptedDigest)
      implements OfStep {}

  /** The run read the clock. */
  record ClockRead(StepPath path, Instant instant) implements OfStep {}

  /** The run drew a seed for random numbers. */
  record SeedDrawn(StepPath path, long seed) implements OfStep {}

  /** A step began to wait: for the time itself, for a signal or for a held fact. */
  record WaitStarted(StepPath path, Instant due) implements OfStep {}

  /** A step's time was up before what it waited for came; a timer's was all it waited for. */
  record WaitEnded(StepPath path) implements OfStep {}

  /** A step got the signal that it waited for. */
  record SignalTaken(StepPath path, String id, Payload value) implements OfStep {}

  /**
   * People were asked for an approval.
   *
   * @param shown what they see
   * @param digest of what they see; an answer names it
   * @param approvers who may answer; anybody where empty
   * @param due until when they may
   * @param escalates whether others are asked when nobody has answered by then
   */
  record ApprovalAsked(
      StepPath path,
      Payload shown,
      String digest,
      List<String> approvers,
      Instant due,
      boolean escalates)
      implements OfStep {
    /** Copies the approvers. */
    public ApprovalAsked {
      approvers = List.copyOf(approvers);
    }
  }

  /** Somebody answered a question for approval; the first answer is the only one. */
  record ApprovalAnswered(StepPath path, boolean granted, String who, String why)
      implements OfStep {}

  /** A fact about a run that a step started. */
  sealed interface OfChild extends OfStep {}

  /**
   * A step starts a run of its own and waits for its end.
   *
   * @param child the run's id
   * @param workflow what it executes
   * @param inputDigest of its canonical input
   * @param deadline when it ends at the latest, if ever
   */
  record ChildStarted(
      StepPath path, RunId child, String workflow, String inputDigest, Optional<Instant> deadline)
      implements OfChild {}

  /** The run that a step started is not needed any more and was told to end. */
  record ChildCancelled(StepPath path, String why) implements OfChild {}

  /** The run that a step started has ended like that. */
  record ChildEnded(StepPath path, End end) implements OfChild {}

  /** What a step waited for is needed no more: another branch of its race was first. */
  record WaitDropped(StepPath path) implements OfStep {}

  /** The branch of that label was the first of its race to return. */
  record RaceWon(StepPath path, String label) implements OfStep {}

  /** A scope reached a patch where nothing was recorded yet, and took the new code. */
  record PatchApplied(StepPath path) implements OfStep {}

  /**
   * A turn of a loop ended for good: a replay goes on with its state and skips what is within the
   * turns of that loop so far.
   *
   * @param path the turn
   * @param state what the next turn begins with, or what the loop returns
   * @param last whether the loop ended with it
   */
  record TurnSealed(StepPath path, Payload state, boolean last) implements OfStep {}

  /** A signal arrived; kept until a step waits for its name. */
  record SignalReceived(String name, String id, Payload value, String who, Instant sentAt)
      implements Entry {}

  /** Somebody wants the run to end. */
  record CancelRequested(String who, String why) implements Entry {}

  /**
   * The run goes on by undoing what it did; its code is not executed any more.
   *
   * @param reason why: what it failed with, or what a person said
   * @param who the person; empty where the workflow declares it
   */
  record RollbackStarted(String reason, Optional<String> who) implements Entry {}

  /** The run gave up its thread and its claim. */
  record RunParked(List<Wait> waits) implements Entry {
    /** Copies the waits. */
    public RunParked {
      waits = List.copyOf(waits);
    }
  }

  /** Somebody told the run to go on. */
  record RunResumed(String who, String why) implements Entry {}

  /** A message could not be applied. */
  record MessageRefused(String message, String reason) implements Entry {}

  /** The run ended with its result. */
  record RunCompleted(Payload result) implements End {}

  /** The run ended without a result. */
  record RunFailed(String reason, Optional<Failure> failure) implements End {}

  /** Somebody ended the run; these steps may have happened and nobody said whether they did. */
  record RunCancelled(String who, String why, List<StepPath> unsettled) implements End {
    /** Copies the steps. */
    public RunCancelled {
      unsettled = List.copyOf(unsettled);
    }
  }

  /**
   * The run ended with what it did undone.
   *
   * @param reason why it was rolled back
   * @param undone the effects that were undone, in that order
   * @param left the effects that happened, or may have, and were not: it was declared, or nobody
   *     said how
   */
  record RunCompensated(String reason, List<StepPath> undone, List<StepPath> left) implements End {
    /** Copies the steps. */
    public RunCompensated {
      undone = List.copyOf(undone);
      left = List.copyOf(left);
    }
  }

  /**
   * A limit stopped the run.
   *
   * @param unsettled steps that may have happened and nobody said whether they did, where the limit
   *     was the run's deadline
   */
  record RunTruncated(String limit, String facts, List<StepPath> unsettled) implements End {
    /** Copies the steps. */
    public RunTruncated {
      unsettled = List.copyOf(unsettled);
    }

    /** A limit stopped the run between two steps. */
    public RunTruncated(String limit, String facts) {
      this(limit, facts, List.of());
    }
  }

  /** The run met something unexpected and waits for a fix; the step that it met it in, if any. */
  record RunQuarantined(String reason, Optional<StepPath> path) implements Entry {}

  /** Somebody had the run's data erased after its end; its steps, times and ends remain. */
  record RunErased(String who, String why) implements Entry {}
}
