package dev.holdfast.journal.spi;

import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;

/** What others send to a run that exists. */
public sealed interface Message {
  /** Who sent it, for the audit. */
  String who();

  /** Why, in the sender's words. */
  String why();

  /** Settles a doubt. */
  record Settle(StepPath path, Verdict verdict, String who, String why) implements Message {}

  /** Tells a quarantined or truncated run to go on. */
  record Resume(String who, String why) implements Message {}
}
