package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.StepPath;

/** A step was given up: its target refused, or every allowed attempt failed. */
public sealed class EffectFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient StepPath path;
  private final transient Failure failure;

  EffectFailed(StepPath path, Failure failure, int attempts) {
    super(
        "%s failed after %d attempt%s (%s): %s %s"
            .formatted(
                path,
                attempts,
                attempts == 1 ? "" : "s",
                failure.getClass().getSimpleName(),
                failure.code(),
                failure.message()));
    this.path = path;
    this.failure = failure;
  }

  /** The step that failed. */
  public StepPath path() {
    return path;
  }

  /** Why, and so whether it may have happened. */
  public Failure failure() {
    return failure;
  }

  /** The same business fact was asked for with another input than the first time. */
  public static final class IntentConflict extends EffectFailed {
    private static final long serialVersionUID = 1L;

    /** The failure code by which a replay knows this case. */
    static final String CODE = "intent-conflict";

    IntentConflict(StepPath path, Failure failure) {
      super(path, failure, 0);
    }
  }
}
