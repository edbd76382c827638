package dev.holdfast.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * One run as its store lists it.
 *
 * @param id the run's id
 * @param workflow the name of the workflow that it executes
 * @param version the workflow's version
 * @param status where it stands
 * @param epoch how often it was claimed
 * @param readyAt from when on it may be claimed; empty while it executes, has ended, needs someone
 *     or waits for its turn in its session
 * @param startedAt when it was accepted
 * @param changedAt when its status changed last
 * @param inputDigest the digest of the canonical input that was recorded first
 * @param queue the queue that it goes through, if any
 * @param session the key whose runs execute one after the other, if any
 */
public record RunState(
    RunId id,
    String workflow,
    String version,
    Status status,
    long epoch,
    Optional<Instant> readyAt,
    Instant startedAt,
    Instant changedAt,
    String inputDigest,
    Optional<String> queue,
    Optional<String> session) {
  /** A run outside of queues and sessions. */
  public RunState(
      RunId id,
      String workflow,
      String version,
      Status status,
      long epoch,
      Optional<Instant> readyAt,
      Instant startedAt,
      Instant changedAt,
      String inputDigest) {
    this(
        id,
        workflow,
        version,
        status,
        epoch,
        readyAt,
        startedAt,
        changedAt,
        inputDigest,
        Optional.empty(),
        Optional.empty());
  }
}
