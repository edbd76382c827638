package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import java.util.List;
import java.util.Optional;

/** How a run ended, or why it has not. */
public sealed interface Outcome<O> {
  /** It ended with its result. */
  record Completed<O>(O result) implements Outcome<O> {}

  /**
   * A limit stopped it; resume it with a larger one. After its deadline a resumed run has none.
   *
   * @param unsettled where the limit was its deadline, the steps that may have happened and nobody
   *     said whether they did
   */
  record Truncated<O>(String limit, String facts, List<StepPath> unsettled) implements Outcome<O> {
    /** Copies the steps. */
    public Truncated {
      unsettled = List.copyOf(unsettled);
    }

    /** A limit stopped it between two steps. */
    public Truncated(String limit, String facts) {
      this(limit, facts, List.of());
    }
  }

  /** It ended without a result. */
  record Failed<O>(String reason, Optional<Failure> failure) implements Outcome<O> {}

  /** Somebody ended it; these steps may have happened and nobody said whether they did. */
  record Cancelled<O>(String who, String why, List<StepPath> unsettled) implements Outcome<O> {
    /** Copies the steps. */
    public Cancelled {
      unsettled = List.copyOf(unsettled);
    }
  }

  /**
   * It ended with what it did undone.
   *
   * @param reason why it was rolled back
   * @param undone the effects that were undone, in that order
   * @param left the effects that happened and stand, since that was declared or nobody said how
   */
  record Compensated<O>(String reason, List<StepPath> undone, List<StepPath> left)
      implements Outcome<O> {
    /** Copies the steps. */
    public Compensated {
      undone = List.copyOf(undone);
      left = List.copyOf(left);
    }
  }

  /** It has not ended; {@code why} says whether it needs somebody. */
  record Waiting<O>(Why why, List<Wait> waits) implements Outcome<O> {
    /** Copies the waits. */
    public Waiting {
      waits = List.copyOf(waits);
    }
  }

  /** Somebody must say whether these effects happened. */
  record InDoubt<O>(List<Doubt> effects) implements Outcome<O> {
    /** Copies the effects. */
    public InDoubt {
      effects = List.copyOf(effects);
    }
  }

  /** It met something unexpected: fix, deploy, resume. */
  record Quarantined<O>(String reason) implements Outcome<O> {}

  /** An effect whose outcome nobody knows. */
  record Doubt(StepPath path, String reason) {}

  /** What a run waits for. */
  enum Why {
    /** A worker executes it. */
    EXECUTING,
    /** It is to be executed: no worker or no place in its queue was free, or it is not its time. */
    QUEUED,
    /** A timer, a retry or a probe is due later. */
    TIMER,
    /** Somebody or something is to send a signal. */
    SIGNAL,
    /** A run that it started is to end, or to find room in its queue; its waits name it. */
    CHILD,
    /** A person is to approve. */
    PERSON,
    /** Another step holds the same intent. */
    HELD_INTENT,
    /** Its caller is to call again: only they can execute it. */
    CALLER,
    /** No process that registered its workflow has claimed it for a minute. */
    NOBODY_CAN_EXECUTE_IT
  }

  /** Whether the run has ended. */
  default boolean isEnded() {
    return switch (this) {
      case Completed<O> completed -> true;
      case Truncated<O> truncated -> true;
      case Failed<O> failed -> true;
      case Cancelled<O> cancelled -> true;
      case Compensated<O> undone -> true;
      case Waiting<O> waiting -> false;
      case InDoubt<O> doubt -> false;
      case Quarantined<O> quarantined -> false;
    };
  }
}
