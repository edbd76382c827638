package dev.holdfast.kernel;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes calls on threads of their own, so that one that hangs can be left behind. */
final class Calls {
  /** How a call came back. */
  sealed interface Called<T> {
    /** With a value. */
    record Returned<T>(T value) implements Called<T> {}

    /** With an exception or error. */
    record Threw<T>(Throwable thrown) implements Called<T> {}

    /** Not in time; it was interrupted and may still do something. */
    record TimedOut<T>() implements Called<T> {}
  }

  private Calls() {}

  static <T> Called<T> call(
      Activation activation, String name, Callable<T> body, Duration timeout) {
    Parts parts = activation.parts();
    var answer = new CompletableFuture<Called<T>>();
    Runnable work = parts.crew().member(() -> answer.complete(answerOf(body)));
    Thread thread = parts.settings().scheduler().start(name, work);
    answer.completeOnTimeout(new Called.TimedOut<>(), timeout.toNanos(), TimeUnit.NANOSECONDS);
    Called<T> called = activation.await(answer);
    if (called instanceof Called.TimedOut<T>) {
      thread.interrupt();
    }
    return called;
  }

  private static <T> Called<T> answerOf(Callable<T> body) {
    try {
      return new Called.Returned<>(body.call());
    } catch (Throwable thrown) { // an Error of user code is an answer too, and must not be lost
      return new Called.Threw<>(thrown);
    }
  }
}
