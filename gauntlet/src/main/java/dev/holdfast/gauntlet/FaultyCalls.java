package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.testing.Baton;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes the calls of effects, as badly as a fault says. */
final class FaultyCalls {
  /** So late that nobody waits, and soon enough for a probe that looks after the usual time. */
  private static final Duration LATE = Duration.ofSeconds(2);

  private static final Duration CALL_MAX = Duration.ofDays(1);
  private static final String BY = "gauntlet";

  private final Baton baton;
  private final Outside outside;

  FaultyCalls(Baton baton, Outside outside) {
    this.baton = baton;
    this.outside = outside;
  }

  <T> T call(Fault fault, RunId run, StepPath path, Callable<T> call) throws Exception {
    return switch (fault) {
      case REFUSED -> throw KnownFailure.notSent(BY, "The connection was refused.");
      case TRY_LATER -> throw KnownFailure.tryLater(BY, "Busy: try again.", Optional.empty());
      case REJECTED -> throw KnownFailure.rejected(BY, "The target does not want this.");
      case ANSWER_LOST -> {
        done(run, path, call);
        throw new SocketException("The connection was reset before the answer was there.");
      }
      case DONE_LATE -> {
        awaitGivenUp();
        yield done(run, path, call);
      }
      case DELIVERED_TWICE -> {
        done(run, path, call);
        yield done(run, path, call);
      }
      case CRASH -> throw new IllegalArgumentException("A crash is no fault of a call.");
    };
  }

  /** Whoever gives a call up interrupts it. */
  private void awaitGivenUp() {
    try {
      baton.sleep(CALL_MAX);
    } catch (InterruptedException givenUp) {
      baton.sleepAnyway(LATE);
      Thread.currentThread().interrupt();
    }
  }

  <T> T done(RunId run, StepPath path, Callable<T> call) throws Exception {
    T answer = call.call();
    outside.done(run, path);
    return answer;
  }
}
