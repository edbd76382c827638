package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A caller's hold on one run; safe for many threads, and worth nothing to the run itself. */
public final class Handle<O> {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private final RunId id;
  private final Class<O> type;
  private final Outcomes outcomes;
  private final Watch watch;
  private final CompletableFuture<Optional<Entry>> execution;

  /** Holds on to a run that may be executed elsewhere: its end is seen by looking. */
  Handle(RunId id, Class<O> type, Outcomes outcomes, Watch watch) {
    this(id, type, outcomes, watch, CompletableFuture.completedFuture(Optional.empty()));
  }

  /**
   * Holds on to a run that this process executes.
   *
   * @param execution done when the process stops executing it, with what ended it for good
   */
  Handle(
      RunId id,
      Class<O> type,
      Outcomes outcomes,
      Watch watch,
      CompletableFuture<Optional<Entry>> execution) {
    this.id = id;
    this.type = type;
    this.outcomes = outcomes;
    this.watch = watch;
    this.execution = execution;
  }

  /** The run's id. */
  public RunId id() {
    return id;
  }

  /** How the run ended, or where it stands now. */
  public Outcome<O> outcome() {
    return outcomes.of(id, type);
  }

  /**
   * Waits until the run has ended or needs somebody, at most that long by the caller's own time,
   * whatever clock the run lives by.
   *
   * @return the outcome at that moment; {@link Outcome.Waiting} when the time is up
   * @throws StoreFailed.Unavailable when the time is up and the store is away
   */
  public Outcome<O> await(Duration atMost) {
    CompletableFuture<Void> timeIsUp = watch.doneAfter(atMost);
    // How a run ends that this process executes is told without a look into the store.
    boolean interrupted =
        !execution.isDone()
            && watch.isInterruptedWhile(CompletableFuture.anyOf(execution, timeIsUp));
    Outcome<O> outcome = told().orElseGet(() -> awaitByLooking(timeIsUp, interrupted));
    timeIsUp.complete(null);
    return outcome;
  }

  private Outcome<O> awaitByLooking(CompletableFuture<Void> timeIsUp, boolean interrupted) {
    while (true) {
      CompletableFuture<Optional<Entry>> changed = watch.next(id);
      boolean isOver = timeIsUp.isDone() || interrupted;
      Optional<Outcome<O>> outcome = outcome(isOver);
      if (outcome.isPresent()
          && (!(outcome.get() instanceof Outcome.Waiting<O>)
              || isOver
              || watch.isInterruptedWhile(CompletableFuture.anyOf(changed, timeIsUp)))) {
        watch.forget(id, changed);
        return outcome.get();
      }
      if (outcome.isEmpty()) {
        interrupted = watch.isInterruptedWhile(CompletableFuture.anyOf(changed, timeIsUp));
      }
    }
  }

  /** Where the run stands; empty while the store is away and the caller has time. */
  private Optional<Outcome<O>> outcome(boolean isOver) {
    try {
      return Optional.of(outcome());
    } catch (StoreFailed.Unavailable away) {
      if (isOver) {
        throw away;
      }
      return Optional.empty();
    }
  }

  /** Waits for the run's next change or look; true where the caller was interrupted meanwhile. */
  boolean isInterruptedWhileWaiting(CompletableFuture<Void> timeIsUp) {
    CompletableFuture<Optional<Entry>> changed = watch.next(id);
    try {
      return watch.isInterruptedWhile(CompletableFuture.anyOf(changed, timeIsUp));
    } finally {
      watch.forget(id, changed);
    }
  }

  private Optional<Outcome<O>> told() {
    return execution.getNow(Optional.empty()).map(ended -> outcomes.of(ended, type));
  }

  /** The run's result, waited for at most 5 minutes; see {@link #run(Duration)}. */
  public O run() {
    return run(DEADLINE);
  }

  /**
   * The run's result.
   *
   * @throws RunException.RunEnded when it ended in another way than completed
   * @throws RunException.RunNotEnded when it needs somebody, or the time is up
   */
  public O run(Duration atMost) {
    return result(await(atMost), atMost);
  }

  O result(Outcome<O> outcome, Duration atMost) {
    return switch (outcome) {
      case Outcome.Completed<O> completed -> completed.result();
      case Outcome.Truncated<O> limit ->
          throw ended("was stopped by %s: %s".formatted(limit.limit(), limit.facts()), outcome);
      case Outcome.Failed<O> failed -> throw ended("failed: " + failed.reason(), outcome);
      case Outcome.Cancelled<O> cancelled ->
          throw ended(
              "was cancelled by %s: %s".formatted(cancelled.who(), cancelled.why()), outcome);
      case Outcome.Compensated<O> undone ->
          throw ended("was rolled back: " + undone.reason(), outcome);
      case Outcome.Waiting<O> waiting ->
          throw notEnded(
              "has not ended within %s, it is %s".formatted(atMost, waiting.why()), outcome);
      case Outcome.InDoubt<O> doubt ->
          throw notEnded("is in doubt, settle %s".formatted(doubt.effects()), outcome);
      case Outcome.Quarantined<O> halt ->
          throw notEnded("is quarantined: " + halt.reason(), outcome);
    };
  }

  private RunException.RunEnded ended(String how, Outcome<O> outcome) {
    return new RunException.RunEnded("Run %s %s".formatted(id, how), outcome);
  }

  private RunException.RunNotEnded notEnded(String how, Outcome<O> outcome) {
    return new RunException.RunNotEnded("Run %s %s".formatted(id, how), outcome);
  }
}
