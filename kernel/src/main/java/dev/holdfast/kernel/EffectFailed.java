package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
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

    /** What a step is refused with whose fact has happened, or is under way, otherwise. */
    static Failure.Rejected of(String fact, String holder, Payload done, Entry.Call asked) {
      return new Failure.Rejected(
          CODE,
          "'%s' was done by %s with %s, this step asks with %s."
                  .formatted(
                      fact, holder, Redaction.of(done.text()), Redaction.of(asked.input().text()))
              + " Use the same input, or name another fact.");
    }

    IntentConflict(StepPath path, Failure failure) {
      super(path, failure, 0);
    }
  }

  /** The business fact happened in a run whose data was erased: what came of it is gone. */
  public static final class AlreadyHappened extends EffectFailed {
    private static final long serialVersionUID = 1L;

    /** The failure code by which a replay knows this case. */
    static final String CODE = "already-happened";

    static Failure.Rejected of(String fact) {
      return new Failure.Rejected(
          CODE,
          "'%s' has happened in a run whose data was erased. Nothing was sent again; look for its"
                  .formatted(fact)
              + " outcome at the target.");
    }

    AlreadyHappened(StepPath path, Failure failure) {
      super(path, failure, 0);
    }
  }
}
