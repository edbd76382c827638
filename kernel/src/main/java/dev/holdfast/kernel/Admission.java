package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.NewRun;
import java.time.Duration;
import java.util.Optional;

/**
 * How a run is let in: at once, or through a queue, after a delay, in its turn in a session.
 *
 * <p>It is no part of what a run is: starting an id that exists returns that run, however it was
 * let in.
 *
 * @param queue the {@link dev.holdfast.journal.spi.Queue} that it goes through, if any
 * @param session the key whose runs execute one after the other in the order of their starts, if
 *     any; 1 to 200 characters
 * @param deduplication makes it the same start as an earlier one of that queue with the same id; 1
 *     to 200 characters, counts as long as that run is kept
 * @param delay how long it waits at least; 0 to 365 days
 * @param within how long it has from its start on, its delay and its waits included; 1 ms to 365
 *     days, for ever where empty
 * @param subject whose data the run holds, such as {@code customer-17}: all runs of a subject can
 *     be erased together; 1 to 200 characters
 */
public record Admission(
    Optional<String> queue,
    Optional<String> session,
    Optional<String> deduplication,
    Duration delay,
    Optional<Duration> within,
    Optional<String> subject) {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** As soon as a worker is free. */
  public static final Admission AT_ONCE =
      new Admission(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ZERO,
          Optional.empty(),
          Optional.empty());

  /** Checks every bound. */
  public Admission {
    session.ifPresent(key -> checkName("session's key", key));
    deduplication.ifPresent(id -> checkName("deduplication id", id));
    subject.ifPresent(name -> checkName("subject", name));
    if (delay.isNegative() || delay.compareTo(RetryPolicy.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay must be 0 to %s, is %s.".formatted(RetryPolicy.LONGEST, delay));
    }
    within.ifPresent(Admission::checkWithin);
    if (deduplication.isPresent() && queue.isEmpty()) {
      throw new IllegalArgumentException(
          "A deduplication id counts within a queue. Name the queue, or use the run's own id.");
    }
  }

  /** Through that queue. */
  public static Admission throughQueue(String queue) {
    return AT_ONCE.queue(queue);
  }

  /**
   * A run that ends after that time at the latest, as {@link Outcome.Truncated} by its {@code
   * deadline}; see {@link #within(Duration)}.
   */
  public static Admission atMost(Duration within) {
    return AT_ONCE.within(within);
  }

  /** When every run that was started with that key before has ended. */
  public static Admission inSession(String session) {
    return AT_ONCE.session(session);
  }

  /** The same, in that session. */
  public Admission session(String changed) {
    return new Admission(queue, Optional.of(changed), deduplication, delay, within, subject);
  }

  /** The same, at the earliest that long after the start. */
  public Admission after(Duration changed) {
    return new Admission(queue, session, deduplication, changed, within, subject);
  }

  /** The same, through that queue. */
  public Admission queue(String changed) {
    return new Admission(Optional.of(changed), session, deduplication, delay, within, subject);
  }

  /**
   * The same with a deadline that long after the start: also inside of a blocked step the run ends
   * then, and its effects and children get no more time than it has left.
   */
  public Admission within(Duration changed) {
    return new Admission(queue, session, deduplication, delay, Optional.of(changed), subject);
  }

  /** The same, unless the queue had a start with that id before: that run is found instead. */
  public Admission deduplicated(String id) {
    return new Admission(queue, session, Optional.of(id), delay, within, subject);
  }

  /** As soon as a worker is free, with data of that subject. */
  public static Admission ofSubject(String subject) {
    return AT_ONCE.subject(subject);
  }

  /** The same, with data of that subject. */
  public Admission subject(String changed) {
    return new Admission(queue, session, deduplication, delay, within, Optional.of(changed));
  }

  /** The bounds of a run's id are those of every name that callers choose. */
  private static void checkName(String role, String name) {
    try {
      RunId unused = new RunId(name);
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(
          "The %s cannot be used: %s".formatted(role, bad.getMessage()), bad);
    }
  }

  private static void checkWithin(Duration within) {
    if (within.compareTo(SHORTEST) < 0 || within.compareTo(RetryPolicy.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "within must be %s to %s, is %s.".formatted(SHORTEST, RetryPolicy.LONGEST, within));
    }
  }

  NewRun admit(NewRun run) {
    Entry.RunStarted started = run.started();
    var limited =
        new Entry.RunStarted(
            started.workflow(),
            started.version(),
            started.input(),
            started.inputDigest(),
            within.map(run.at()::plus).or(started::deadline),
            started.parent(),
            started.manifest());
    return new NewRun(
        run.id(),
        limited,
        run.at(),
        run.at().plus(delay),
        queue,
        deduplication,
        session,
        run.copied(),
        subject);
  }
}
