package dev.holdfast.journal;

import java.time.Instant;
import java.util.List;

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

  /** Another run holds the same fact; the step is refused at that time. */
  record HeldFact(StepPath path, String fact, RunId holder, Instant due) implements Wait {}

  /** The time itself. */
  record Timer(StepPath path, Instant due) implements Wait {}

  /** A signal of that name; the step goes on without one at that time. */
  record Signal(StepPath path, String name, Instant due) implements Wait {}

  /** The end of a run that the step started. */
  record Child(StepPath path, RunId child) implements Wait {}

  /** Room in that queue for a run that the step is to start; it tries again at that time. */
  record QueueRoom(StepPath path, String queue, Instant due) implements Wait {}

  /** A person's answer; at that time others are asked, or the step goes on without one. */
  record Approval(StepPath path, List<String> approvers, Instant due) implements Wait {
    /** Copies the approvers. */
    public Approval {
      approvers = List.copyOf(approvers);
    }
  }
}
