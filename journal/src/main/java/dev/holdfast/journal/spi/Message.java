package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Instant;

/** What others send to a run that exists. */
public sealed interface Message {
  /** Who sent it, for the audit. */
  String who();

  /** Why, in the sender's words. */
  String why();

  /** Whether the run is to end by it, so that no delay of its start holds it back. */
  default boolean endsTheRun() {
    return this instanceof Cancel || this instanceof RollBack;
  }

  /** Settles a doubt. */
  record Settle(StepPath path, Verdict verdict, String who, String why) implements Message {}

  /**
   * Brings a value to a run that waits for it, or will.
   *
   * @param name what steps wait for
   * @param id the sender's name for this message: the same id is the same signal, taken once
   */
  record Signal(String name, String id, Payload value, String who, String why) implements Message {}

  /**
   * Answers a question for approval.
   *
   * @param digest of what the person was shown
   */
  record Approve(StepPath path, String digest, boolean granted, String who, String why)
      implements Message {}

  /** Ends a run; what it began and nobody knows the outcome of stays in doubt. */
  record Cancel(String who, String why) implements Message {}

  /**
   * What a worker that lost its run learned of a step that it had begun.
   *
   * @param epoch the claim under which it had begun
   * @param verdict what became of the step
   */
  record Evidence(StepPath path, long epoch, Verdict verdict, String who, String why)
      implements Message {}

  /**
   * Tells a run how one ended that it had started; sent by the transaction that ends that one.
   *
   * @param path the step that had started it
   */
  record ChildEnded(StepPath path, RunId child, Entry.End end) implements Message {
    @Override
    public String who() {
      return child.text();
    }

    @Override
    public String why() {
      return "";
    }
  }

  /** Ends a run and undoes what it did; also one that stands in doubt or quarantined. */
  record RollBack(String who, String why) implements Message {}

  /** Tells a quarantined or truncated run to go on. */
  record Resume(String who, String why) implements Message {}

  /** A message in a mailbox, with the number that consuming it names. */
  record Mail(long number, Instant at, Message message) {}
}
