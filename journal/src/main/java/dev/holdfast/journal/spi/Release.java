package dev.holdfast.journal.spi;

import dev.holdfast.journal.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of a claim: where the run stands from now on.
 *
 * <p>Where unconsumed mail waits for a run that has not ended, the store makes it ready at once.
 *
 * @param status the run's status
 * @param readyAt from when on it may be claimed again; empty where only mail can wake it
 */
public record Release(Status status, Optional<Instant> readyAt) {}
