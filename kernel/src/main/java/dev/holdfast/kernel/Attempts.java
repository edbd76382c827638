package dev.holdfast.kernel;

import java.util.Optional;
import java.util.concurrent.Callable;

/** Which attempt a thread makes; set for as long as the body of an effect is on it. */
final class Attempts {
  private static final ThreadLocal<Effect.Attempt> CURRENT = new ThreadLocal<>();

  private Attempts() {}

  static Optional<Effect.Attempt> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  static <T> T within(Effect.Attempt attempt, Callable<T> body) throws Exception {
    CURRENT.set(attempt);
    try {
      return body.call();
    } finally {
      CURRENT.remove();
    }
  }
}
