package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.spi.Transactions;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The outside end of an effect: makes its calls, asks its probe, reads its exceptions. */
record Target<I, O>(Activation activation, StepPath path, EffectSpec<I, O> spec) {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.kernel");
  private static final int PROBES_MAX = 3;
  private static final Duration PROBE_AGAIN_AFTER = Duration.ofMillis(100);

  Calls.Called<Transactions.Guarded<O>> call(
      I input, IdempotencyKey key, int attempt, Consumer<Verdict.Happened> late) {
    Parts parts = activation.parts();
    Duration atMost = activation.within(spec.timeout(activation.limits()));
    Callable<Transactions.Guarded<O>> body =
        () ->
            Attempts.within(
                new Effect.Attempt(path, attempt),
                () ->
                    activation.calling(
                        path, () -> spec.call().apply(key, input, parts::encode, atMost)));
    return spec.isCheap()
        ? inPlace(body)
        : Calls.call(
            activation, path.segment(), body, atMost, answer -> happened(answer).ifPresent(late));
  }

  private Optional<Verdict.Happened> happened(Calls.Called<Transactions.Guarded<O>> answer) {
    if (!(answer instanceof Calls.Called.Returned<Transactions.Guarded<O>> returned)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Verdict.Happened(result(returned.value())));
    } catch (IllegalArgumentException unkept) {
      LOG.log(Level.WARNING, "{0} came back late: {1}", path, Redaction.of(unkept));
      return Optional.empty();
    }
  }

  /** A cheap read is worth no thread; its author promised that it does not block. */
  private Calls.Called<Transactions.Guarded<O>> inPlace(Callable<Transactions.Guarded<O>> body) {
    try {
      return new Calls.Called.Returned<>(body.call());
    } catch (Exception thrown) {
      return new Calls.Called.Threw<>(thrown);
    }
  }

  private Payload result(Transactions.Guarded<O> answer) {
    return switch (answer) {
      case Transactions.Guarded.Done<O> done -> activation.parts().encode(done.result());
      case Transactions.Guarded.Repeated<O> repeated -> repeated.result();
    };
  }

  /** Asks, and asks again where the question itself failed. */
  Effect.Answer<O> probe(I input, IdempotencyKey key) {
    Effect.Answer<O> answer = ask(input, key);
    for (int asked = 1; asked < PROBES_MAX && answer instanceof Effect.Answer.Unclear; asked++) {
      activation.pause(PROBE_AGAIN_AFTER);
      answer = ask(input, key);
    }
    return answer;
  }

  private Effect.Answer<O> ask(I input, IdempotencyKey key) {
    Effect.Probe<I, O> probe = spec.probe().orElseThrow();
    Calls.Called<Effect.Answer<O>> called =
        Calls.call(
            activation,
            path.segment(),
            () -> probe.ask(key, input),
            spec.timeout(activation.limits()));
    return switch (called) {
      case Calls.Called.Returned<Effect.Answer<O>> returned ->
          Objects.requireNonNullElseGet(
              returned.value(), () -> new Effect.Answer.Unclear<>("the probe returned null"));
      case Calls.Called.Threw<Effect.Answer<O>> threw ->
          new Effect.Answer.Unclear<>(Redaction.of(threw.thrown()));
      case Calls.Called.TimedOut<Effect.Answer<O>> late ->
          new Effect.Answer.Unclear<>("no answer in time");
      case Calls.Called.Cut<Effect.Answer<O>> cut -> throw new Suspension();
    };
  }

  /** The result that an "already done" error stands for, if it is one. */
  Optional<O> duplicate(Throwable thrown) {
    try {
      return thrown instanceof Exception exception
          ? spec.duplicateAnswer().apply(exception)
          : Optional.empty();
    } catch (RuntimeException unreadable) {
      LOG.log(Level.WARNING, "duplicateAnswer of {0}: {1}", path, Redaction.of(unreadable));
      return Optional.empty();
    }
  }

  /** A rollback that is certain turns every doubt about the work into "not sent". */
  Failure failure(Throwable thrown) {
    boolean rolledBack = thrown instanceof Transactions.RolledBack;
    Throwable cause = rolledBack && thrown.getCause() != null ? thrown.getCause() : thrown;
    Failure failure = activation.parts().classify(spec.classifier(), cause);
    return rolledBack && failure instanceof Failure.Unknown unknown
        ? new Failure.NotSent(unknown.code(), unknown.message())
        : failure;
  }
}
