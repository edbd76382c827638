package dev.holdfast.journal;

/** How a doubt was settled. */
public sealed interface Verdict {
  /** The effect took place, with that result. */
  record Happened(Payload result) implements Verdict {}

  /** The effect did not take place: it may be tried again. */
  record DidNotHappen() implements Verdict {}
}
