package dev.holdfast.journal;

import java.time.Duration;
import java.util.Optional;

/** Why a try of an effect failed, and so whether it may have happened. */
public sealed interface Failure {
  /** A short stable word for the cause, such as an exception's simple name or {@code timeout}. */
  String code();

  /** What happened, for an operator; redacted, never shown to a model. */
  String message();

  /** The call never left: nothing happened, a repeat is safe. */
  record NotSent(String code, String message) implements Failure {}

  /** The target said no: nothing happened, and a repeat would be refused too. */
  record Rejected(String code, String message) implements Failure {}

  /** The target said that it did nothing and may do it later. */
  record Transient(String code, String message, Optional<Duration> retryAfter) implements Failure {}

  /** It may have happened: a timeout, a lost connection, a server error. */
  record Unknown(String code, String message) implements Failure {}

  /** Whether the effect may have happened in spite of this failure. */
  default boolean mayHaveHappened() {
    return this instanceof Unknown;
  }

  /** Whether another try could succeed. */
  default boolean isRetryable() {
    return !(this instanceof Rejected);
  }
}
