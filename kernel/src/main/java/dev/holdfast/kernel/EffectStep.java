package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.Transactions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes one effect from wherever its journal left it to its outcome. */
final class EffectStep<I, O> {
  private static final IdempotencyKey NONE = new IdempotencyKey("");

  private final Activation activation;
  private final Scope scope;
  private final StepPath path;
  private final EffectSpec<I, O> spec;
  private final I input;
  private final Entry.Call call;
  private final StepHistory step;
  private final Recovery.Terms terms;

  EffectStep(Activation activation, Scope scope, StepPath path, EffectSpec<I, O> spec, I input) {
    this.activation = activation;
    this.scope = scope;
    this.path = path;
    this.spec = spec;
    this.input = input;
    Payload encoded = activation.encoded(input, "input", path);
    String canonical = activation.parts().codec().canonical(encoded);
    this.call =
        new Entry.Call(spec.contract(), Digests.of(activation.parts().codec(), canonical), encoded);
    this.step = activation.history().find(path).orElseGet(() -> new StepHistory(path));
    Limits limits = activation.limits();
    this.terms =
        new Recovery.Terms(
            spec.contract(),
            spec.retry(limits).attemptsMax(),
            spec.timeout(limits),
            spec.validFor(),
            spec.settleAfter(limits),
            activation.parts().journal().leaseTtl());
  }

  O perform() {
    new Fingerprint(activation, path, spec.onMismatch()).check(step, call);
    while (true) {
      Recovery.Decision decision = Recovery.next(terms, step, activation.now());
      if (decision instanceof Recovery.Decision.Return done && isReadable(done.result())) {
        return activation.parts().decode(done.result(), spec.type());
      }
      follow(decision);
    }
  }

  /** What a person settled may not be what the effect returns; then they are asked again. */
  private boolean isReadable(Payload result) {
    if (!step.isSettled()) {
      return true;
    }
    try {
      activation.parts().decode(result, spec.type());
      return true;
    } catch (IllegalArgumentException unreadable) {
      doubt(
          "the result that was settled cannot be read: " + Redaction.of(unreadable),
          DoubtPolicy.ASK);
      return false;
    }
  }

  private void follow(Recovery.Decision decision) {
    if (!(decision instanceof Recovery.Decision.Raise)) {
      activation.checkLive();
    }
    if (activation.isTakenOver(step) && activation.hasEvidence(path)) {
      throw stop(new Stop.Yield()); // the next claim receives it
    }
    if (scope.isLost() && isEndedByLoss()) {
      return;
    }
    switch (decision) {
      case Recovery.Decision.Begin begin -> begin();
      case Recovery.Decision.Again again -> again();
      case Recovery.Decision.Probe probe -> probe(probe.settledAt());
      case Recovery.Decision.Delay delay -> delay(new Wait.Retry(path, delay.due()), delay.due());
      case Recovery.Decision.Return done -> {}
      case Recovery.Decision.Raise raise -> throw failed(raise);
      case Recovery.Decision.Doubt doubt -> doubt(doubt.reason(), spec.doubtPolicy());
      case Recovery.Decision.Stand stand -> throw stand(stand);
      case Recovery.Decision.Halt halt -> throw halt(halt.failure());
    }
  }

  /** What its race needs no more is not tried again where it cannot have happened. */
  private boolean isEndedByLoss() {
    switch (step.state()) {
      case StepHistory.State.Fresh fresh -> throw new Suspension();
      case StepHistory.State.Waiting waiting -> throw new Suspension();
      case StepHistory.State.Failed failed when isRepeatable() -> giveUpLost();
      case StepHistory.State.Denied denied -> giveUpLost();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean isRepeatable() {
    return spec.contract() == Contract.READ || step.firstSend().isEmpty();
  }

  private void giveUpLost() {
    giveUp(new Failure.NotSent("race", "another branch was first"), step.attempts());
  }

  private void checkUndo() {
    activation
        .undos()
        .refusal(path, spec)
        .ifPresent(reason -> {
          throw stop(new Stop.Quarantine(reason, Optional.of(path)));
        });
  }

  private void begin() {
    checkUndo();
    switch (activation.forked(path, call)) {
      case Forked.Next.Live live -> beginLive();
      case Forked.Next.Take kept -> {
        activation.outcome(step, kept.answer());
        activation.intents().restore(step);
      }
      case Forked.Next.Refuse refused -> answerFromFact(refused);
    }
  }

  /** What has happened already is no answer of the source, and nothing is sent for it either. */
  private void answerFromFact(Forked.Next.Refuse refused) {
    Optional<Payload> known = spec.fact().map(this::request).flatMap(each -> each.happened(call));
    if (known.isEmpty()) {
      throw stop(new Stop.Quarantine(refused.reason(), Optional.of(path)));
    }
    outcome(new Entry.EffectSucceeded(path, known.get(), Entry.Origin.DEDUPLICATED));
  }

  private void beginLive() {
    if (spec.contract() == Contract.READ) {
      send(1);
    } else if (spec.fact().isEmpty()) {
      intend(Digests.key(activation.parts().codec(), activation.run(), path), Optional.empty());
    } else {
      beginOnce(spec.fact().get());
    }
  }

  private FactRequest request(EffectSpec.Fact fact) {
    String arguments =
        activation.parts().codec().canonical(activation.encoded(fact.arguments(), "intent", path));
    return new FactRequest(
        activation, scope, step, fact.scope(), whole(fact.name() + arguments), spec.undo());
  }

  private void beginOnce(EffectSpec.Fact fact) {
    switch (request(fact).ask(call)) {
      case FactRequest.Answer.Yours yours ->
          intend(
              Digests.key(activation.parts().codec(), activation.run(), yours.intent()),
              Optional.of(yours.intent()));
      case FactRequest.Answer.Written written -> written(written.entry().entry());
      case FactRequest.Answer.Known known -> outcome(known.outcome());
      case FactRequest.Answer.AskAgain again -> {}
    }
  }

  private void written(Entry answer) {
    if (answer instanceof Entry.EffectIntended) {
      activation.holdsFact(step);
      send(1);
    }
  }

  /** A store would keep a question mark for half of a pair, and two facts would become one. */
  private String whole(String fact) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(fact)) {
      return fact;
    }
    throw activation.stop(
        new Stop.Quarantine(
            "The fact of %s holds half of a surrogate pair. Use whole characters, then resume."
                .formatted(path),
            Optional.empty()));
  }

  private void intend(IdempotencyKey key, Optional<Intent> intent) {
    activation.fault(Boundary.BEFORE_INTENT, path);
    record(new Entry.EffectIntended(path, call, key, intent, spec.undo()));
    activation.barrier(path);
    activation.fault(Boundary.AFTER_INTENT, path);
    send(1);
  }

  /** A run that must unwind makes no further attempt, and nobody may wait for this step then. */
  private void checkNotStopped() {
    if (activation.stopped().isPresent()) {
      activation.intents().parked(path);
      throw new Suspension();
    }
  }

  /** A run that is to end waits for nothing: a delay would be over at once, again and again. */
  private void delay(Wait wait, Instant due) {
    checkNotStopped();
    activation.delay(scope, wait, due);
  }

  private void again() {
    checkNotStopped();
    int attempt = step.attempts() + 1;
    if (spec.contract() != Contract.READ) {
      activation.fault(Boundary.BEFORE_INTENT, path);
      record(new Entry.AttemptStarted(path, attempt));
      activation.barrier(path);
      activation.fault(Boundary.AFTER_INTENT, path);
    }
    send(attempt);
  }

  private void send(int attempt) {
    if (!spec.isCheap()) {
      activation.barrier(path);
    }
    activation.fault(Boundary.BEFORE_CALL, path);
    if (!spec.isCheap()) {
      activation.lease();
    }
    step.sent(activation.now());
    Calls.Called<Transactions.Guarded<O>> called = target().call(input, key(), attempt, this::late);
    activation.fault(Boundary.AFTER_CALL, path);
    switch (called) {
      case Calls.Called.Returned<Transactions.Guarded<O>> returned -> returned(returned.value());
      case Calls.Called.Threw<Transactions.Guarded<O>> threw -> threw(attempt, threw.thrown());
      case Calls.Called.Cut<Transactions.Guarded<O>> cut -> {
        activation.intents().parked(path);
        throw new Suspension();
      }
      case Calls.Called.TimedOut<Transactions.Guarded<O>> late ->
          failedAttempt(
              attempt,
              new Failure.Unknown("timeout", "no answer within %s".formatted(terms.timeout())));
    }
  }

  /** Nobody waits for this answer any more, but it may spare somebody a doubt. */
  private void late(Verdict.Happened verdict) {
    CompletableFuture<Void> unused =
        activation.evidence(step).leave(verdict, "its call came back after its run was to end");
  }

  private Target<I, O> target() {
    return new Target<>(activation, path, spec);
  }

  /** The body of a read gets no key, so none is computed. */
  private IdempotencyKey key() {
    return step.key().orElse(NONE);
  }

  private void returned(Transactions.Guarded<O> answer) {
    switch (answer) {
      case Transactions.Guarded.Done<O> done -> succeeded(done.result(), Entry.Origin.FRESH);
      case Transactions.Guarded.Repeated<O> repeated ->
          record(new Entry.EffectSucceeded(path, repeated.result(), Entry.Origin.RECONCILED));
    }
  }

  private void succeeded(@Nullable O value, Entry.Origin origin) {
    Payload result;
    try {
      result = activation.parts().encode(value);
    } catch (IllegalArgumentException unkept) {
      cannotKeep(unkept);
      return;
    }
    outcome(
        spec.contract() == Contract.READ
            ? new Entry.StepAnswered(path, call, result)
            : new Entry.EffectSucceeded(path, result, origin));
  }

  /** What happened must not be forgotten because its result cannot be written down. */
  private void cannotKeep(IllegalArgumentException unkept) {
    String reason = "it happened, but its result cannot be kept: " + Redaction.of(unkept);
    switch (spec.contract()) {
      case READ, IDEMPOTENT -> giveUp(new Failure.Rejected("result", reason), step.attempts());
      case KEYED, TRANSACTIONAL, VERIFIED, ONCE -> doubt(reason, DoubtPolicy.ASK);
    }
  }

  private void threw(int attempt, Throwable thrown) {
    Optional<O> duplicate = target().duplicate(thrown);
    if (duplicate.isPresent()) {
      succeeded(duplicate.get(), Entry.Origin.RECONCILED);
    } else {
      failedAttempt(attempt, target().failure(thrown));
    }
  }

  private void failedAttempt(int attempt, Failure failure) {
    int failures = step.failures() + 1;
    boolean exhausted = failures >= terms.attemptsMax();
    if (!failure.isRetryable() || (exhausted && isHarmless(failure, attempt))) {
      giveUp(failure, attempt);
    } else {
      outcome(new Entry.AttemptFailed(path, attempt, failure, retryAt(failures, failure)));
    }
  }

  /** Whether neither this attempt nor an earlier one can have had an effect that counts. */
  private boolean isHarmless(Failure failure, int attempt) {
    return switch (spec.contract()) {
      case READ, IDEMPOTENT -> true;
      case KEYED, TRANSACTIONAL, VERIFIED, ONCE ->
          !failure.mayHaveHappened() && !step.mayHaveHappenedBefore(attempt);
    };
  }

  private Instant retryAt(int failures, Failure failure) {
    double chance = activation.parts().settings().randomness().fraction();
    Duration backoff =
        spec.retry(activation.limits()).delayAfter(failures, chance).orElse(Duration.ZERO);
    Duration asked =
        failure instanceof Failure.Transient later
            ? later.retryAfter().orElse(Duration.ZERO)
            : Duration.ZERO;
    Duration delay = asked.compareTo(backoff) > 0 ? asked : backoff;
    return activation
        .now()
        .plus(delay.compareTo(RetryPolicy.LONGEST) > 0 ? RetryPolicy.LONGEST : delay);
  }

  private void probe(Instant settledAt) {
    Instant asked = activation.now();
    switch (target().probe(input, key())) {
      case Effect.Answer.Happened<O> happened ->
          succeeded(happened.result(), Entry.Origin.RECONCILED);
      case Effect.Answer.Unclear<O> unclear ->
          doubt("the probe could not tell: " + Redaction.of(unclear.reason()), spec.doubtPolicy());
      case Effect.Answer.DidNotHappen<O> no -> {
        if (asked.isBefore(settledAt)) {
          delay(new Wait.Probe(path, settledAt), settledAt);
        } else if (step.failures() >= terms.attemptsMax()) {
          giveUp(new Failure.NotSent("probe", "the target has no trace of it"), step.attempts());
        } else {
          again();
        }
      }
    }
  }

  private void giveUp(Failure failure, int attempts) {
    outcome(new Entry.EffectGaveUp(path, failure, attempts));
  }

  private void doubt(String reason, DoubtPolicy policy) {
    outcome(new Entry.EffectDoubted(path, reason, policy));
    activation.noteUnknown(step);
  }

  private void outcome(Entry.OfStep entry) {
    activation.fault(Boundary.BEFORE_OUTCOME, path);
    record(entry);
    activation.fault(Boundary.AFTER_OUTCOME, path);
  }

  private void record(Entry.OfStep entry) {
    step.apply(activation.append(step, entry));
    step.intent().ifPresent(intent -> activation.intents().ended(intent, step.state()));
  }

  private EffectFailed failed(Recovery.Decision.Raise raise) {
    return switch (raise.failure().code()) {
      case EffectFailed.IntentConflict.CODE ->
          new EffectFailed.IntentConflict(path, raise.failure());
      case EffectFailed.AlreadyHappened.CODE ->
          new EffectFailed.AlreadyHappened(path, raise.failure());
      default -> new EffectFailed(path, raise.failure(), raise.attempts());
    };
  }

  private Suspension stand(Recovery.Decision.Stand stand) {
    return switch (stand.policy()) {
      case ASK, PROCEED -> scope.suspend(new Wait.Doubt(path, stand.reason()));
      case COMPENSATE ->
          stop(new Stop.RollBack("%s is in doubt: %s".formatted(path, stand.reason())));
      case FAIL ->
          stop(
              new Stop.Fail(
                  "%s is in doubt: %s".formatted(path, stand.reason()),
                  Optional.of(new Failure.Unknown("in-doubt", stand.reason()))));
    };
  }

  /** Stops the run; who waits for this step's intent wakes, and unwinds too. */
  private Suspension stop(Stop reason) {
    Suspension suspension = activation.stop(reason);
    activation.intents().parked(path);
    return suspension;
  }

  private Suspension halt(Failure failure) {
    return stop(
        new Stop.Quarantine(
            "%s used up %d attempts and may have happened (%s: %s). Remove the cause, then resume."
                .formatted(path, step.attempts(), failure.code(), failure.message()),
            Optional.of(path)));
  }
}
