package dev.holdfast.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Stops an activation at its run's deadline, in whatever step it is then. */
final class Alarm {
  /** A clock that lags behind the machine's is not asked more often than that. */
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private final Activation activation;
  private CompletableFuture<Void> ringing = CompletableFuture.completedFuture(null);
  private boolean isClosed;

  /** One that is set where the run has a deadline. */
  Alarm(Activation activation) {
    this.activation = activation;
    activation.history().deadline().ifPresent(this::set);
  }

  private synchronized void set(Instant deadline) {
    if (isClosed) {
      return;
    }
    var left = Duration.between(activation.now(), deadline);
    if (left.isPositive()) {
      ringing =
          activation.parts().watch().doneAfter(left.compareTo(SHORTEST) > 0 ? left : SHORTEST);
      CompletableFuture<Void> unused = ringing.thenRun(() -> set(deadline));
    } else {
      activation.hurry();
    }
  }

  /** It rings no more. */
  synchronized void off() {
    isClosed = true;
    ringing.complete(null);
  }
}
