package dev.holdfast.kernel;

import java.util.Objects;

/** Carries a checked exception of a workflow's body to where its end is decided. */
final class CheckedInBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CheckedInBody(Exception cause) {
    super(cause);
  }

  /** The exception that user code threw. */
  static Throwable unwrapped(Throwable thrown) {
    return thrown instanceof CheckedInBody
        ? Objects.requireNonNullElse(thrown.getCause(), thrown)
        : thrown;
  }
}
