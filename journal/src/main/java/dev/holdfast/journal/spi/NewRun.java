package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * A run to be accepted.
 *
 * @param id the run's id
 * @param started its first entry
 * @param at when it was asked for
 * @param readyAt from when on it may be claimed
 * @param queue the queue that it goes through, if any
 * @param deduplication what makes it the same start as an earlier one of that queue, if anything
 * @param session the key whose runs execute one after the other, if any
 * @param subject whose data it holds, so that it can be erased with all of that subject's runs
 */
public record NewRun(
    RunId id,
    Entry.RunStarted started,
    Instant at,
    Instant readyAt,
    Optional<String> queue,
    Optional<String> deduplication,
    Optional<String> session,
    Optional<String> subject) {
  /** A run that is ready at once and goes through no queue and no session. */
  public NewRun(RunId id, WorkflowKey workflow, Payload input, String inputDigest, Instant at) {
    this(
        id,
        workflow,
        input,
        inputDigest,
        at,
        at,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A run of that workflow with that input, of which nothing else is to be recorded. */
  public NewRun(
      RunId id,
      WorkflowKey workflow,
      Payload input,
      String inputDigest,
      Instant at,
      Instant readyAt,
      Optional<String> queue,
      Optional<String> deduplication,
      Optional<String> session) {
    this(
        id,
        new Entry.RunStarted(workflow.name(), workflow.version(), input, inputDigest),
        at,
        readyAt,
        queue,
        deduplication,
        session,
        Optional.empty());
  }

  /** What it executes. */
  public WorkflowKey workflow() {
    return new WorkflowKey(started.workflow(), started.version());
  }

  /** Its encoded input. */
  public Payload input() {
    return started.input();
  }

  /** The digest of its canonical input. */
  public String inputDigest() {
    return started.inputDigest();
  }

  /** Whether it may execute the moment that it is accepted, whatever else executes. */
  public boolean isAtOnce() {
    return queue.isEmpty() && session.isEmpty() && !readyAt.isAfter(at);
  }

  /**
   * Checks that it may be claimed as it is accepted.
   *
   * @throws IllegalArgumentException where it goes through a queue or a session, or is delayed
   */
  public void requireAtOnce() {
    if (!isAtOnce()) {
      throw new IllegalArgumentException(
          "Run %s is delayed or goes through a queue or a session: start it without a claim."
              .formatted(id));
    }
  }
}
