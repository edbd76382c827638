package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import java.time.Duration;
import java.util.Optional;

/** Thrown by the body of an effect that knows what its failure means. */
public final class KnownFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  /** Keeps what the failure means. */
  public KnownFailure(Failure failure) {
    super(failure.code() + " " + failure.message());
    this.failure = failure;
  }

  /** The call never left. */
  public static KnownFailure notSent(String code, String message) {
    return new KnownFailure(new Failure.NotSent(code, message));
  }

  /** The target said no. */
  public static KnownFailure rejected(String code, String message) {
    return new KnownFailure(new Failure.Rejected(code, message));
  }

  /** The target did nothing and may do it after that time. */
  public static KnownFailure tryLater(String code, String message, Optional<Duration> after) {
    return new KnownFailure(new Failure.Transient(code, message, after));
  }

  /** It may have happened. */
  public static KnownFailure unknown(String code, String message) {
    return new KnownFailure(new Failure.Unknown(code, message));
  }

  /** What the failure means. */
  public Failure failure() {
    return failure;
  }
}
