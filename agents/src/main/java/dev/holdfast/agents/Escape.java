package dev.holdfast.agents;

import org.jspecify.annotations.Nullable;

/**
 * Takes an exception out of LangChain4j's tool loop, which would hand every {@link Exception} to
 * the model as a tool's result.
 */
final class Escape extends Error {
  private static final long serialVersionUID = 1L;

  Escape(RuntimeException cause) {
    super(cause.getMessage(), cause, false, false);
  }

  /**
   * What an agent's call is to throw: concurrent loops wrap errors, among them those that suspend a
   * run.
   */
  static Throwable unwrapped(Throwable thrown) {
    @Nullable Throwable error =
        Causes.of(thrown).stream().filter(Error.class::isInstance).findFirst().orElse(null);
    return switch (error) {
      case null -> thrown;
      case Escape escape when escape.getCause() != null -> escape.getCause();
      default -> error;
    };
  }
}
