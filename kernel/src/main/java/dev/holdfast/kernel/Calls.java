package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes calls on threads of their own, so that one that hangs can be left behind. */
final class Calls {
  /** How a call came back. */
  sealed interface Called<T> {
    /** With a value. */
    record Returned<T>(T value) implements Called<T> {}

    /** With an exception or error. */
    record Threw<T>(Throwable thrown) implements Called<T> {}

    /** Its run is to end, and the grace for its answer is over; it was interrupted. */
    record Cut<T>() implements Called<T> {}

    /** Not in time; it was interrupted and may still do something. */
    record TimedOut<T>() implements Called<T> {}
  }

  private Calls() {}

  static <T> Called<T> call(
      Activation activation, String name, Callable<T> body, Duration timeout) {
    return call(activation, name, body, timeout, late -> {});
  }

  /**
   * Makes the call within its timeout and the run's deadline.
   *
   * @param late told, on the call's thread, how it came back when nobody waited for it any more
   */
  static <T> Called<T> call(
      Activation activation,
      String name,
      Callable<T> body,
      Duration timeout,
      Consumer<Called<T>> late) {
    Parts parts = activation.parts();
    var answer = new CompletableFuture<Called<T>>();
    Runnable work =
        parts
            .crew()
            .member(() -> {
              Called<T> own = answerOf(body);
              if (!answer.complete(own) && answer.join() instanceof Called.Cut<T>) {
                late.accept(own);
              }
            });
    Scheduler scheduler = parts.settings().scheduler();
    Thread thread = scheduler.start(name, work);
    scheduler.completeAfter(answer, new Called.TimedOut<>(), activation.within(timeout));
    Called<T> called = awaited(activation, answer);
    if (called instanceof Called.TimedOut<T> || called instanceof Called.Cut<T>) {
      thread.interrupt();
    }
    return called;
  }

  private static <T> Called<T> awaited(Activation activation, CompletableFuture<Called<T>> answer) {
    Runnable cut = () -> answer.complete(new Called.Cut<>());
    activation.urgency().begun(cut);
    try {
      return activation.await(answer);
    } finally {
      activation.urgency().over(cut);
    }
  }

  private static <T> Called<T> answerOf(Callable<T> body) {
    try {
      return new Called.Returned<>(body.call());
    } catch (Throwable thrown) { // an Error of user code is an answer too, and must not be lost
      return new Called.Threw<>(thrown);
    }
  }
}
