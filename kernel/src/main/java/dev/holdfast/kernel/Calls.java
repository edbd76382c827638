package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

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
    Scheduler scheduler = parts.settings().scheduler();
    Thread thread = scheduler.start(name, work);
    scheduler.completeAfter(answer, new Called.TimedOut<>(), timeout);
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
