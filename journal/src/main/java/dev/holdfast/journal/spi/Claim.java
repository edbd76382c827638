package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;

/**
 * The right of this process to execute a run.
 *
 * @param run the run
 * @param workflow what it executes
 * @param epoch the number of this claim, from 1
 * @param nextSequence the sequence that the next entry gets
 */
public record Claim(RunId run, WorkflowKey workflow, long epoch, long nextSequence) {}
