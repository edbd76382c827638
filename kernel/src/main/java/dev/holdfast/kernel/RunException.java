package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/** A refusal that a caller of a run must deal with; the message holds the facts and the remedy. */
public abstract sealed class RunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunException(String message) {
    super(message);
  }

  /** The run ended in another way than with its result. */
  public static final class RunEnded extends RunException {
    private static final long serialVersionUID = 1L;
    private final transient Outcome<?> outcome;

    RunEnded(String message, Outcome<?> outcome) {
      super(message);
      this.outcome = outcome;
    }

    /** How it ended. */
    public Outcome<?> outcome() {
      return outcome;
    }
  }

  /** The run has not ended within the deadline, or needs somebody. */
  public static final class RunNotEnded extends RunException {
    private static final long serialVersionUID = 1L;
    private final transient Outcome<?> outcome;

    RunNotEnded(String message, Outcome<?> outcome) {
      super(message);
      this.outcome = outcome;
    }

    /** Where it stands. */
    public Outcome<?> outcome() {
      return outcome;
    }
  }

  /** A run that this one had started ended in another way than with its result. */
  public static final class ChildEnded extends RunException {
    private static final long serialVersionUID = 1L;
    private final transient RunId child;
    private final transient Outcome<?> outcome;

    private ChildEnded(String message, RunId child, Outcome<?> outcome) {
      super(message);
      this.child = child;
      this.outcome = outcome;
    }

    static ChildEnded of(RunId child, StepPath path, Entry.End end) {
      String started = "Run %s, which %s started, ".formatted(child, path);
      return switch (end) {
        case Entry.RunCompleted completed ->
            throw new IllegalArgumentException(started + "has a result.");
        case Entry.RunFailed e ->
            new ChildEnded(
                started + "failed: " + e.reason(),
                child,
                new Outcome.Failed<>(e.reason(), e.failure()));
        case Entry.RunCancelled e ->
            new ChildEnded(
                started + "was cancelled by %s: %s".formatted(e.who(), e.why()),
                child,
                new Outcome.Cancelled<>(e.who(), e.why(), e.unsettled()));
        case Entry.RunCompensated e ->
            new ChildEnded(
                started + "was rolled back: " + e.reason(),
                child,
                new Outcome.Compensated<>(e.reason(), e.undone(), e.left()));
        case Entry.RunTruncated e ->
            new ChildEnded(
                started + "was stopped by %s: %s".formatted(e.limit(), e.facts()),
                child,
                new Outcome.Truncated<>(e.limit(), e.facts(), e.unsettled()));
      };
    }

    /** The run's id. */
    public RunId child() {
      return child;
    }

    /** How it ended. */
    public Outcome<?> outcome() {
      return outcome;
    }

    Optional<Failure> failure() {
      return outcome instanceof Outcome.Failed<?> failed ? failed.failure() : Optional.empty();
    }
  }

  /** Another thread is inside a call of the same attached run. */
  public static final class RunBusy extends RunException {
    private static final long serialVersionUID = 1L;

    RunBusy(String message) {
      super(message);
    }
  }

  /** The id belongs to a run of another workflow or with another input. */
  public static final class RunConflict extends RunException {
    private static final long serialVersionUID = 1L;

    RunConflict(String message) {
      super(message);
    }
  }

  /** There is no run with that id. */
  public static final class RunNotFound extends RunException {
    private static final long serialVersionUID = 1L;

    RunNotFound(String message) {
      super(message);
    }
  }

  /** There was a run with that id; its data was erased, or it was purged. */
  public static final class RunGone extends RunException {
    private static final long serialVersionUID = 1L;

    RunGone(String message) {
      super(message);
    }
  }

  /** The workflow is not registered here. */
  public static final class NotRegistered extends RunException {
    private static final long serialVersionUID = 1L;

    NotRegistered(String message) {
      super(message);
    }
  }

  /** The queue holds as many runs as it may: nothing was started. */
  public static final class QueueFull extends RunException {
    private static final long serialVersionUID = 1L;

    QueueFull(String message) {
      super(message);
    }
  }

  /** Nobody registered the queue: nothing was started. */
  public static final class QueueUnknown extends RunException {
    private static final long serialVersionUID = 1L;

    QueueUnknown(String message) {
      super(message);
    }
  }

  /** A message cannot be applied to the run as it stands. */
  public static final class MessageNotAccepted extends RunException {
    private static final long serialVersionUID = 1L;

    MessageNotAccepted(String message) {
      super(message);
    }
  }

  /** A run cannot begin as another one like that: nothing was started. */
  public static final class ForkRefused extends RunException {
    private static final long serialVersionUID = 1L;

    ForkRefused(String message) {
      super(message);
    }
  }

  /** A step was called from a thread or scope that does not own it. */
  public static final class ScopeViolation extends RunException {
    private static final long serialVersionUID = 1L;

    ScopeViolation(String message) {
      super(message);
    }
  }
}
