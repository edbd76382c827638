package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Everything an {@link Effect} was told; never changed after it was handed out. */
final class EffectSpec<I, O> {
  /** A business fact as the user named it. */
  record Fact(Intent.Scope scope, String name, List<Object> arguments) {}

  /** One call to the target: a fresh result, or the payload of an earlier one. */
  @FunctionalInterface
  interface Call<I, O> {
    Transactions.Guarded<O> apply(
        IdempotencyKey key, I input, Function<O, Payload> encode, Duration atMost) throws Exception;
  }

  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);
  private static final Pattern KIND = Pattern.compile("[a-z]{1,20}");

  /** What other steps and scopes are called. */
  private static final List<String> RESERVED =
      List.of(
          "approval",
          "branch",
          "now",
          Order.PATCH,
          "par",
          "random",
          "scope",
          "session",
          "signal",
          "step",
          "timer",
          "undo",
          Seals.TURN,
          Seals.LOOP);

  private final Contract contract;
  private final Class<O> type;
  private final Call<I, O> call;
  private final Optional<Effect.Probe<I, O>> probe;
  private String kind = "effect";
  private Optional<Duration> timeout = Optional.empty();
  private Optional<RetryPolicy> retry = Optional.empty();
  private DoubtPolicy doubtPolicy = DoubtPolicy.ASK;
  private Classifier classifier = thrown -> Optional.empty();
  private Optional<Fact> fact = Optional.empty();
  private Optional<Duration> validFor = Optional.empty();
  private Optional<Duration> settleAfter = Optional.empty();
  private Function<Exception, Optional<O>> duplicateAnswer = exception -> Optional.empty();
  private boolean cheap;
  private Optional<Entry.Undo> undo = Optional.empty();
  private Effect.OnMismatch onMismatch = Effect.OnMismatch.REFUSE;

  private EffectSpec(
      Contract contract, Class<O> type, Call<I, O> call, Optional<Effect.Probe<I, O>> probe) {
    this.contract = contract;
    this.type = type;
    this.call = call;
    this.probe = probe;
  }

  static <I, O> EffectSpec<I, O> of(
      Contract contract, Class<O> type, Effect.KeyedBody<? super I, ? extends O> body) {
    return new EffectSpec<>(contract, type, direct(body), Optional.empty());
  }

  static <I, O> EffectSpec<I, O> verified(
      Class<O> type,
      Effect.KeyedBody<? super I, ? extends O> body,
      Effect.Probe<? super I, O> probe) {
    return new EffectSpec<>(
        Contract.VERIFIED, type, direct(body), Optional.of((key, input) -> probe.ask(key, input)));
  }

  static <C, I, O> EffectSpec<I, O> transactional(
      Class<O> type, Transactions<C> transactions, Transactions.Work<C, ? super I, O> work) {
    return new EffectSpec<>(
        Contract.TRANSACTIONAL,
        type,
        (key, input, encode, atMost) -> transactions.once(key, input, work, encode, atMost),
        Optional.empty());
  }

  private static <I, O> Call<I, O> direct(Effect.KeyedBody<? super I, ? extends O> body) {
    return (key, input, encode, atMost) -> new Transactions.Guarded.Done<>(body.apply(key, input));
  }

  private EffectSpec<I, O> with(Consumer<EffectSpec<I, O>> change) {
    var copy = new EffectSpec<>(contract, type, call, probe);
    copy.kind = kind;
    copy.timeout = timeout;
    copy.retry = retry;
    copy.doubtPolicy = doubtPolicy;
    copy.classifier = classifier;
    copy.fact = fact;
    copy.validFor = validFor;
    copy.settleAfter = settleAfter;
    copy.duplicateAnswer = duplicateAnswer;
    copy.cheap = cheap;
    copy.undo = undo;
    copy.onMismatch = onMismatch;
    change.accept(copy);
    return copy;
  }

  EffectSpec<I, O> withKind(String changed) {
    if (!KIND.matcher(changed).matches() || RESERVED.contains(changed)) {
      throw new IllegalArgumentException(
          "The kind '%s' must be 1 to 20 lower-case letters, and none of %s."
              .formatted(changed, RESERVED));
    }
    return with(spec -> spec.kind = changed);
  }

  EffectSpec<I, O> withTimeout(Duration changed) {
    bounded("timeout", changed, Duration.ofNanos(1), TIMEOUT_MAX);
    return with(spec -> spec.timeout = Optional.of(changed));
  }

  EffectSpec<I, O> withRetry(RetryPolicy changed) {
    return with(spec -> spec.retry = Optional.of(changed));
  }

  EffectSpec<I, O> withDoubtPolicy(DoubtPolicy changed) {
    return with(spec -> spec.doubtPolicy = changed);
  }

  EffectSpec<I, O> withClassifier(Classifier changed) {
    return with(spec -> spec.classifier = changed);
  }

  EffectSpec<I, O> withIntent(Fact changed) {
    only(contract != Contract.READ, "oncePer", "every contract but read");
    boolean isWhole =
        changed
            .name()
            .codePoints()
            .noneMatch(each -> Character.getType(each) == Character.SURROGATE);
    if (changed.name().isBlank() || !isWhole) {
      throw new IllegalArgumentException(
          "A fact needs a name of whole characters, got '%s'.".formatted(changed.name()));
    }
    return with(spec -> spec.fact = Optional.of(changed));
  }

  EffectSpec<I, O> withValidFor(Duration changed) {
    only(contract == Contract.KEYED, "validFor", "keyed");
    bounded("validFor", changed, Duration.ofNanos(1), RetryPolicy.LONGEST.multipliedBy(100));
    return with(spec -> spec.validFor = Optional.of(changed));
  }

  EffectSpec<I, O> withSettleAfter(Duration changed) {
    only(contract == Contract.VERIFIED, "settleAfter", "verified");
    bounded("settleAfter", changed, Duration.ZERO, RetryPolicy.LONGEST);
    return with(spec -> spec.settleAfter = Optional.of(changed));
  }

  EffectSpec<I, O> withDuplicateAnswer(Function<Exception, Optional<O>> changed) {
    only(contract == Contract.KEYED, "duplicateAnswer", "keyed");
    return with(spec -> spec.duplicateAnswer = changed);
  }

  EffectSpec<I, O> withCheap() {
    only(contract == Contract.READ, "cheap", "read");
    return with(spec -> spec.cheap = true);
  }

  EffectSpec<I, O> withUndo(Entry.Undo changed) {
    only(contract != Contract.READ, "an undo", "every contract but read");
    return with(spec -> spec.undo = Optional.of(changed));
  }

  EffectSpec<I, O> withMismatch(Effect.OnMismatch changed) {
    return with(spec -> spec.onMismatch = changed);
  }

  private static void bounded(String setting, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be %s to %s, is %s.".formatted(setting, least, most, value));
    }
  }

  private void only(boolean allowed, String setting, String contracts) {
    if (!allowed) {
      throw new IllegalArgumentException(
          "%s is for %s, this effect is %s.".formatted(setting, contracts, contract));
    }
  }

  String kind() {
    return kind;
  }

  Contract contract() {
    return contract;
  }

  Class<O> type() {
    return type;
  }

  Call<I, O> call() {
    return call;
  }

  Optional<Effect.Probe<I, O>> probe() {
    return probe;
  }

  Duration timeout(Limits limits) {
    return timeout.orElse(limits.effectTimeout());
  }

  RetryPolicy retry(Limits limits) {
    return retry.orElse(limits.retry());
  }

  DoubtPolicy doubtPolicy() {
    return doubtPolicy;
  }

  Classifier classifier() {
    return classifier;
  }

  Optional<Fact> fact() {
    return fact;
  }

  Optional<Duration> validFor() {
    return validFor;
  }

  Duration settleAfter(Limits limits) {
    return settleAfter.orElse(timeout(limits).plusSeconds(5));
  }

  Function<Exception, Optional<O>> duplicateAnswer() {
    return duplicateAnswer;
  }

  boolean isCheap() {
    return cheap;
  }

  Optional<Entry.Undo> undo() {
    return undo;
  }

  Effect.OnMismatch onMismatch() {
    return onMismatch;
  }
}
