package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Instant;
import java.util.Optional;

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

  /**
   * Whether a run that has ended like that takes this all the same, and goes on.
   *
   * @param status how it ended
   */
  default boolean reopens(Status status) {
    return switch (this) {
      case Resume resume -> status == Status.TRUNCATED;
      case RollBack back -> status == Status.COMPLETED;
      case Settle settle -> false;
      case Signal signal -> false;
      case Approve answer -> false;
      case Cancel cancel -> false;
      case Evidence evidence -> false;
      case ChildEnded child -> false;
    };
  }

  /**
   * Settles a doubt.
   *
   * @param doubt sequence of the entry that left the step so, lest a late word settle a later doubt
   *     of it; empty where that is not known: whichever is open
   */
  record Settle(StepPath path, Optional<Long> doubt, Verdict verdict, String who, String why)
      implements Message {
    /** Settles whichever doubt is open at that step. */
    public Settle(StepPath path, Verdict verdict, String who, String why) {
      this(path, Optional.empty(), verdict, who, why);
    }
  }

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

  /** Ends a run and undoes what it did; also one that completed, or stands in doubt. */
  record RollBack(String who, String why) implements Message {}

  /** Tells a quarantined or truncated run to go on. */
  record Resume(String who, String why) implements Message {}

  /** A message in a mailbox, with the number that consuming it names. */
  record Mail(long number, Instant at, Message message) {}
}
