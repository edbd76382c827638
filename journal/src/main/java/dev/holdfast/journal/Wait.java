package dev.holdfast.journal;

import java.time.Instant;

/** What a parked run waits for. */
public sealed interface Wait {
  /** The step that waits. */
  StepPath path();

  /** The next try of a step is due at that time. */
  record Retry(StepPath path, Instant due) implements Wait {}

  /** A probe's "no" may be believed from that time on. */
  record Probe(StepPath path, Instant due) implements Wait {}

  /** A person must say whether the effect happened. */
  record Doubt(StepPath path, String reason) implements Wait {}

  /** Another step of the run holds the same intent. */
  record HeldIntent(StepPath path, StepPath holder) implements Wait {}
}
