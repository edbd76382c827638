package dev.holdfast.kernel;

/**
 * Unwinds a branch that waits or was stopped.
 *
 * <p>An {@link Error}, since libraries catch {@link Exception}; without a stack trace, since it is
 * ordinary. The reason is recorded before it is thrown, so swallowing it changes nothing.
 */
final class Suspension extends Error {
  private static final long serialVersionUID = 1L;

  Suspension() {
    super("The run is suspended; let this error pass.", null, false, false);
  }
}
