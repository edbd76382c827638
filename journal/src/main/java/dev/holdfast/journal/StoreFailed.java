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

  /** The file is damaged where it was asked; what lies elsewhere in it may be whole. */
  public static final class Damaged extends StoreFailed {
    private static final long serialVersionUID = 1L;

    /** Says what cannot be read or written, why, and the remedy. */
    public Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The store is away: nothing is lost and nothing happened; try again. */
  public static final class Unavailable extends StoreFailed {
    private static final long serialVersionUID = 1L;

    /** Says what is away, since when, and what to look at. */
    public Unavailable(String message) {
      super(message);
    }

    /** Says what is away, since when, and what to look at, and why. */
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
