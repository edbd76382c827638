package dev.holdfast.journal.spi;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of a claim: where the run stands from now on.
 *
 * <p>Where unconsumed mail waits for a run that has not ended, the store makes it ready at once.
 * Where the run has ended and held a session, the next of that session gets its turn in the same
 * transaction: ready at the end of this one, or later where it was delayed.
 *
 * @param status the run's status
 * @param readyAt from when on it may be claimed again; empty where only mail can wake it
 * @param awaits the fact whose release makes it ready, at once where no other step holds that any
 *     more
 * @param handedOn what the state of the run's session is from now on; empty where it stays
 * @param letter what another run is told in the same transaction, if any is
 */
public record Release(
    Status status,
    Optional<Instant> readyAt,
    Optional<String> awaits,
    Optional<Payload> handedOn,
    Optional<Letter> letter) {
  /**
   * A message to another run; dropped where there is none, or where it has ended and cannot be
   * resumed.
   */
  public record Letter(RunId to, Message message) {}

  /** The end of a claim that nobody else is told of. */
  public Release(
      Status status,
      Optional<Instant> readyAt,
      Optional<String> awaits,
      Optional<Payload> handedOn) {
    this(status, readyAt, awaits, handedOn, Optional.empty());
  }

  /** The end of a claim that leaves the state of the run's session as it is. */
  public Release(Status status, Optional<Instant> readyAt, Optional<String> awaits) {
    this(status, readyAt, awaits, Optional.empty());
  }

  /** The end of a claim after which only time and mail can wake the run. */
  public Release(Status status, Optional<Instant> readyAt) {
    this(status, readyAt, Optional.empty());
  }
}
