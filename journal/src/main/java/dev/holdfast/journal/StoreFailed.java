package dev.holdfast.journal;

/** The store cannot be trusted or used any more; restart the process after reading the cause. */
public final class StoreFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what failed, the facts and the remedy. */
  public StoreFailed(String message) {
    super(message);
  }

  /** Says what failed, the facts and the remedy, and why. */
  public StoreFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
