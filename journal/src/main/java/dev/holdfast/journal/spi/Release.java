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
 * @param awaits the fact whose release makes it ready, at once where no other step holds that any
 *     more
 */
public record Release(Status status, Optional<Instant> readyAt, Optional<String> awaits) {
  /** The end of a claim after which only time and mail can wake the run. */
  public Release(Status status, Optional<Instant> readyAt) {
    this(status, readyAt, Optional.empty());
  }
}
