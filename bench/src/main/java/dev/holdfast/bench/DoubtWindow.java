package dev.holdfast.bench;

import dev.holdfast.kernel.spi.Boundary;

/**
 * Whether a crash at some place of a run leaves the outcome of an opaque call unknown, told from
 * the place alone.
 */
enum DoubtWindow {
  /** No: no call is under way, or its outcome is durable. */
  SHUT,
  /** It depends on how far the writer got: intent or outcome are on their way to the disk. */
  UNSETTLED,
  /** Yes: the intent is durable and the outcome is not even queued. */
  OPEN;

  /** The window at a boundary, given that at the one before it. */
  DoubtWindow after(Boundary boundary, boolean isOpaqueCall) {
    return switch (boundary) {
      case BEFORE_COMMIT -> isOpaqueCall ? UNSETTLED : this;
      case AFTER_COMMIT, AFTER_INTENT -> isOpaqueCall ? OPEN : SHUT;
      case BEFORE_CALL, AFTER_CALL, BEFORE_OUTCOME -> isOpaqueCall ? OPEN : this;
      case AFTER_OUTCOME -> isOpaqueCall ? UNSETTLED : this;
      case BEFORE_INTENT, BEFORE_CLAIM, AFTER_CLAIM -> this;
    };
  }

  boolean allows(int doubts) {
    return switch (this) {
      case SHUT -> doubts == 0;
      case UNSETTLED -> doubts <= 1;
      case OPEN -> doubts == 1;
    };
  }
}
