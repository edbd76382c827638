package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.spi.Transactions;
import dev.holdfast.testing.Baton;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes the calls of effects, as badly as a fault says. */
final class FaultyCalls {
  /** So late that nobody waits, and soon enough for a {@code settleAfter} that is meant. */
  private static final Duration LATE_MAX = Duration.ofSeconds(2);

  private static final int LATE_PART = 5;

  private static final Duration CALL_MAX = Duration.ofDays(1);
  private static final Duration FIRST_TOKEN = Duration.ofMinutes(10);
  private static final String BY = "gauntlet";

  private final Baton baton;
  private final Outside outside;

  FaultyCalls(Baton baton, Outside outside) {
    this.baton = baton;
    this.outside = outside;
  }

  <T> T call(Fault fault, RunId run, StepPath path, Callable<T> call) throws Exception {
    return switch (fault.group()) {
      case CALLS -> badly(fault, run, path, call);
      case RESULTS -> distorted(fault, done(run, path, call));
      case MODELS -> asked(fault, run, path, call);
      case PROCESS, STORE, MESSAGES, PEOPLE ->
          throw new IllegalArgumentException(fault.word() + " befalls no call.");
    };
  }

  private <T> T badly(Fault fault, RunId run, StepPath path, Callable<T> call) throws Exception {
    return switch (fault) {
      case REFUSED -> throw KnownFailure.notSent(BY, "The connection was refused.");
      case TRY_LATER -> throw KnownFailure.tryLater(BY, "Busy: try again.", Optional.empty());
      case REJECTED -> throw KnownFailure.rejected(BY, "The target does not want this.");
      case ANSWER_LOST -> {
        outside.unanswered(run, path);
        done(run, path, call);
        throw new SocketException("The connection was reset before the answer was there.");
      }
      case DONE_LATE -> {
        outside.unanswered(run, path);
        awaitGivenUp();
        yield done(run, path, call);
      }
      case DELIVERED_TWICE -> {
        done(run, path, call);
        yield done(run, path, call);
      }
      default -> throw new IllegalArgumentException(fault.word() + " befalls no call.");
    };
  }

  /** Whoever gives a call up interrupts it. */
  private void awaitGivenUp() {
    Instant began = baton.now();
    try {
      baton.sleep(CALL_MAX);
    } catch (InterruptedException givenUp) {
      Duration late = Duration.between(began, baton.now()).dividedBy(LATE_PART);
      baton.sleepAnyway(late.compareTo(LATE_MAX) > 0 ? LATE_MAX : late);
      Thread.currentThread().interrupt();
    }
  }

  private <T> T asked(Fault fault, RunId run, StepPath path, Callable<T> call) throws Exception {
    if (fault == Fault.SLOW_FIRST_TOKEN) {
      baton.sleep(FIRST_TOKEN);
      return done(run, path, call);
    }
    return done(run, path, () -> new Site(Optional.of(fault)).around(call));
  }

  /** A process makes that call which has lost the run. */
  void orphaned(RunId run, StepPath path) {
    outside.orphaned(run, path);
  }

  <T> T done(RunId run, StepPath path, Callable<T> call) throws Exception {
    var site = new Site(Optional.empty());
    T answer = site.around(call);
    outside.done(run, path);
    if (site.isOfModel()) {
      outside.asked(run, path);
    } else if (text(answer).isPresent()) {
      outside.said(run, path);
    }
    return answer;
  }

  private static Optional<String> text(Object answer) {
    return answer instanceof Transactions.Guarded.Done<?> done && done.result() instanceof String s
        ? Optional.of(s)
        : Optional.empty();
  }

  @SuppressWarnings("unchecked") // A text stands for a text.
  private static <T> T distorted(Fault fault, T answer) {
    return text(answer)
        .map(text -> (T) new Transactions.Guarded.Done<>(Distortion.of(fault, text)))
        .orElse(answer);
  }
}
