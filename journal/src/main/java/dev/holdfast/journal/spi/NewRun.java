package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
 * @param copied entries of another run that follow the first
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
    List<Entry> copied,
    Optional<String> subject) {
  /** Copies the entries. */
  public NewRun {
    copied = List.copyOf(copied);
  }

  /** A run that begins at its beginning. */
  public NewRun(
      RunId id,
      Entry.RunStarted started,
      Instant at,
      Instant readyAt,
      Optional<String> queue,
      Optional<String> deduplication,
      Optional<String> session) {
    this(id, started, at, readyAt, queue, deduplication, session, List.of(), Optional.empty());
  }

  /** A run that goes on behind those entries of another one. */
  public NewRun(
      RunId id,
      Entry.RunStarted started,
      Instant at,
      Instant readyAt,
      Optional<String> queue,
      Optional<String> deduplication,
      Optional<String> session,
      List<Entry> copied) {
    this(id, started, at, readyAt, queue, deduplication, session, copied, Optional.empty());
  }

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
        session);
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

  /** All entries that it has from the start. */
  public List<Entry> entries() {
    return Stream.concat(Stream.of(started), copied.stream()).toList();
  }

  /** The run whose subject it has where none is named: its parent, or what it began as. */
  public Optional<RunId> heirOf() {
    return copied.stream()
        .filter(Entry.RunForked.class::isInstance)
        .map(entry -> ((Entry.RunForked) entry).source())
        .findFirst()
        .or(() -> started.parent().map(Entry.Parent::run));
  }

  /** Whether it may execute the moment that it is accepted, whatever else executes. */
  public boolean isAtOnce() {
    return queue.isEmpty() && session.isEmpty() && !readyAt.isAfter(at) && copied.isEmpty();
  }

  /**
   * Checks that it may be claimed as it is accepted.
   *
   * @throws IllegalArgumentException where it goes through a queue or a session, is delayed or
   *     copied
   */
  public void requireAtOnce() {
    if (!isAtOnce()) {
      throw new IllegalArgumentException(
          "Run %s is delayed, copied or goes through a queue or a session: start it without a"
                  .formatted(id)
              + " claim.");
    }
  }
}
