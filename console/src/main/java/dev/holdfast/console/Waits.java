package dev.holdfast.console;

import dev.holdfast.journal.Wait;

/** The kinds of waits, as words. */
enum Waits {
  /** The next try of a step. */
  RETRY,
  /** The time from which on a probe's "no" counts. */
  PROBE,
  /** A person. */
  DOUBT,
  /** Another step with the same intent. */
  HELD_INTENT,
  /** A time. */
  TIMER,
  /** A signal. */
  SIGNAL,
  /** A person's yes or no. */
  APPROVAL;

  static Waits of(Wait wait) {
    return switch (wait) {
      case Wait.Retry retry -> RETRY;
      case Wait.Probe probe -> PROBE;
      case Wait.Doubt doubt -> DOUBT;
      case Wait.HeldIntent held -> HELD_INTENT;
      case Wait.HeldFact held -> HELD_INTENT;
      case Wait.Timer timer -> TIMER;
      case Wait.Signal signal -> SIGNAL;
      case Wait.Approval approval -> APPROVAL;
    };
  }
}
