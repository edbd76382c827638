package dev.holdfast.journal;

/** Where a run stands. */
public enum Status {
  /** It is to be executed: now, from a later time on, or once it is its session's turn. */
  READY,
  /** A worker executes it. */
  EXECUTING,
  /** It holds no thread and waits for a time or another step. */
  WAITING,
  /** It holds no thread and waits for a person's approval, perhaps for more besides. */
  AWAITING_APPROVAL,
  /** Nobody knows whether an effect happened; somebody must say. */
  IN_DOUBT,
  /** It met something unexpected: fix, deploy, resume. */
  QUARANTINED,
  /** It ended with its result. */
  COMPLETED,
  /** A limit stopped it; it can be resumed with a larger one. */
  TRUNCATED,
  /** It ended without a result. */
  FAILED,
  /** Somebody ended it. */
  CANCELLED,
  /** It ended with what it did undone. */
  COMPENSATED;

  /** Whether the run has ended: nothing more happens unless a person acts. */
  public boolean isEnded() {
    return switch (this) {
      case COMPLETED, TRUNCATED, FAILED, CANCELLED, COMPENSATED -> true;
      case READY, EXECUTING, WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED -> false;
    };
  }
}
