package dev.holdfast.journal.spi;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import java.time.Instant;

/** A run to be accepted. */
public record NewRun(
    RunId id, WorkflowKey workflow, Payload input, String inputDigest, Instant at) {}
