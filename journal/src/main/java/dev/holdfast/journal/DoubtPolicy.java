package dev.holdfast.journal;

/** What happens to a run when the outcome of one of its effects cannot be known. */
public enum DoubtPolicy {
  /** The run stands in doubt until a person settles it: the default. */
  ASK,
  /** The run ends as failed; its journal keeps the doubt, but an ended run takes no answer. */
  FAIL,
  /** The run is rolled back, and the effect undone as if it had happened. */
  COMPENSATE,
  /** The run is told that the outcome is unknown and goes on; it completes only once settled. */
  PROCEED
}
