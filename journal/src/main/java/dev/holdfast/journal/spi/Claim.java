package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;

/**
 * The right of this process to execute a run.
 *
 * @param run the run
 * @param workflow what it executes
 * @param epoch the number of this claim, from 1
 * @param nextSequence the sequence that the next entry gets
 * @param deaths how many workers in a row died holding the run before, without a new outcome
 *     ({@link dev.holdfast.journal.Entry#isOutcome}); a run that was released, or left behind by a
 *     worker that lives, has none
 */
public record Claim(RunId run, WorkflowKey workflow, long epoch, long nextSequence, int deaths) {
  /** A claim of a run that nobody died of. */
  public Claim(RunId run, WorkflowKey workflow, long epoch, long nextSequence) {
    this(run, workflow, epoch, nextSequence, 0);
  }
}
