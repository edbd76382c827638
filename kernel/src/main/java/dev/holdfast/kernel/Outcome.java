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

  /** A limit stopped it; resume it with a larger one. */
  record Truncated<O>(String limit, String facts) implements Outcome<O> {}

  /** It ended without a result. */
  record Failed<O>(String reason, Optional<Failure> failure) implements Outcome<O> {}

  /** It has not ended and needs nobody. */
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
    /** It is ready and no worker was free. */
    QUEUED,
    /** A retry or a probe is due later. */
    TIMER,
    /** Another step holds the same intent. */
    HELD_INTENT,
    /** No process that registered its workflow has claimed it for a minute. */
    NOBODY_CAN_EXECUTE_IT
  }

  /** Whether the run has ended. */
  default boolean isEnded() {
    return switch (this) {
      case Completed<O> completed -> true;
      case Truncated<O> truncated -> true;
      case Failed<O> failed -> true;
      case Waiting<O> waiting -> false;
      case InDoubt<O> doubt -> false;
      case Quarantined<O> quarantined -> false;
    };
  }
}
