package dev.holdfast.agents;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;

/**
 * Where a tool is being called from: a parameter of a tool method that no model sees.
 *
 * @param run the run
 * @param path the step that the call is
 * @param call the id of the model's tool call
 * @param attempt which try this is, from 1, with those before a crash, except those of reads
 */
public record RunContext(RunId run, StepPath path, String call, int attempt) {}
