package dev.holdfast.kernel.spi;

/** A point in the life of a run at which a fault can strike. */
public enum Boundary {
  /** A claim is about to be asked for. */
  BEFORE_CLAIM,
  /** The claim is durable. */
  AFTER_CLAIM,
  /** An intent, or a further attempt, is about to be written. */
  BEFORE_INTENT,
  /** The intent is durable. */
  AFTER_INTENT,
  /** The call is about to leave. */
  BEFORE_CALL,
  /** The call came back, with a result or an exception. */
  AFTER_CALL,
  /** The outcome is about to be queued. */
  BEFORE_OUTCOME,
  /** The outcome is queued; it need not be durable yet. */
  AFTER_OUTCOME,
  /** The run is about to wait until everything queued is durable. */
  BEFORE_COMMIT,
  /** Everything queued is durable. */
  AFTER_COMMIT
}
