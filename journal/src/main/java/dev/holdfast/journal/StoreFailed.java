package dev.holdfast.journal;

/** The store cannot be trusted or used any more; restart the process after reading the cause. */
public sealed class StoreFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what failed, the facts and the remedy. */
  public StoreFailed(String message) {
    super(message);
  }

  /** Says what failed, the facts and the remedy, and why. */
  public StoreFailed(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The store is out of reach for now; nothing that it confirmed is lost, and it is asked again.
   */
  public static final class Unavailable extends StoreFailed {
    private static final long serialVersionUID = 1L;

    /** Says what is out of reach, the facts and the remedy, and why. */
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }

    /** Says what is out of reach, the facts and the remedy. */
    public Unavailable(String message) {
      super(message);
    }
  }
}
