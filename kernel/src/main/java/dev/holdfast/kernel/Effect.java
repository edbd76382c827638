package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A touch of the outside world with the contract that says what a repeat of it would do.
 *
 * <p>Immutable; each method that names a setting returns a changed copy. The result type is named
 * because a replay has to decode it.
 */
public final class Effect<I, O> {
  /** A body that needs its input only. */
  @FunctionalInterface
  public interface Body<I, O> {
    /** Does it; an exception is classified into a {@link dev.holdfast.journal.Failure}. */
    O apply(I input) throws Exception;
  }

  /** A body that passes the idempotency key on to its target. */
  @FunctionalInterface
  public interface KeyedBody<I, O> {
    /** Does it; an exception is classified into a {@link dev.holdfast.journal.Failure}. */
    O apply(IdempotencyKey key, I input) throws Exception;
  }

  /** A question to the target: did the effect with that key happen? */
  @FunctionalInterface
  public interface Probe<I, O> {
    /** Asks; an exception counts as {@link Answer.Unclear}. */
    Answer<O> ask(IdempotencyKey key, I input) throws Exception;
  }

  /** What a probe learned. */
  public sealed interface Answer<O> {
    /** It happened, with that result. */
    record Happened<O>(O result) implements Answer<O> {}

    /** The target has no trace of it. */
    record DidNotHappen<O>() implements Answer<O> {}

    /** The target cannot say. */
    record Unclear<O>(String reason) implements Answer<O> {}
  }

  /**
   * Which try of which step a body is called for.
   *
   * @param path the step
   * @param number counted from 1, with those that a crash cut short, except those of reads
   */
  public record Attempt(StepPath path, int number) {}

  /** The attempt that the calling thread makes; empty outside an effect's body. */
  public static Optional<Attempt> attempt() {
    return Attempts.current();
  }

  /** What a replay does when a step's input is not the recorded one. */
  public enum OnMismatch {
    /** The run is quarantined with both: the default. */
    REFUSE,
    /** The change is journaled and the recorded outcome stands. */
    RECORD,
    /** The recorded outcome stands, and nothing is journaled. */
    IGNORE
  }

  private final EffectSpec<I, O> spec;

  Effect(EffectSpec<I, O> spec) {
    this.spec = spec;
  }

  /** An effect that changes nothing: repeated at will, no intent is written. */
  public static <I, O> Effect<I, O> read(Class<O> type, Body<? super I, ? extends O> body) {
    return new Effect<>(EffectSpec.of(Contract.READ, type, (key, input) -> body.apply(input)));
  }

  /** An effect whose repeat changes nothing more. */
  public static <I, O> Effect<I, O> idempotent(Class<O> type, Body<? super I, ? extends O> body) {
    return new Effect<>(
        EffectSpec.of(Contract.IDEMPOTENT, type, (key, input) -> body.apply(input)));
  }

  /** An effect whose target answers a repeat of the same key with the first result. */
  public static <I, O> Effect<I, O> keyed(Class<O> type, KeyedBody<? super I, ? extends O> body) {
    return new Effect<>(EffectSpec.of(Contract.KEYED, type, body));
  }

  /**
   * An effect inside a database transaction that also holds its dedupe row: exactly once.
   *
   * @param transactions where the connection {@code C} comes from
   */
  public static <C, I, O> Effect<I, O> transactional(
      Class<O> type, Transactions<C> transactions, Transactions.Work<C, ? super I, O> work) {
    return new Effect<>(EffectSpec.transactional(type, transactions, work));
  }

  /** An effect that a probe can find afterwards. */
  public static <I, O> Effect<I, O> verified(
      Class<O> type, KeyedBody<? super I, ? extends O> body, Probe<? super I, O> probe) {
    return new Effect<>(EffectSpec.verified(type, body, probe));
  }

  /** An effect whose repeat does harm and that nobody can ask about. */
  public static <I, O> Effect<I, O> once(Class<O> type, KeyedBody<? super I, ? extends O> body) {
    return new Effect<>(EffectSpec.of(Contract.ONCE, type, body));
  }

  /**
   * How long one attempt may take before it is interrupted, at most a day; default {@link Limits}.
   */
  public Effect<I, O> timeout(Duration timeout) {
    return new Effect<>(spec.withTimeout(timeout));
  }

  /** When and how often a failed attempt is followed by another; default {@link Limits}. */
  public Effect<I, O> retry(RetryPolicy retry) {
    return new Effect<>(spec.withRetry(retry));
  }

  /** What happens to the run when the outcome cannot be known; default {@code ASK}. */
  public Effect<I, O> onDoubt(DoubtPolicy policy) {
    return new Effect<>(spec.withDoubtPolicy(policy));
  }

  /** Maps exceptions that the engine's own classifier should not decide on. */
  public Effect<I, O> classify(Classifier classifier) {
    return new Effect<>(spec.withClassifier(classifier));
  }

  /**
   * Names the business fact: within the scope it happens at most once, whoever asks.
   *
   * <p>The same intent with the same input gets the first outcome; with another input, {@link
   * EffectFailed.IntentConflict}.
   */
  public Effect<I, O> oncePer(Intent.Scope scope, String name, Object... arguments) {
    return new Effect<>(spec.withIntent(new EffectSpec.Fact(scope, name, List.of(arguments))));
  }

  /**
   * How long the target remembers a key, from the first send that may have reached it; afterwards
   * an unknown outcome is in doubt. Only for {@code keyed}; at most 100 years; default: for ever.
   */
  public Effect<I, O> validFor(Duration duration) {
    return new Effect<>(spec.withValidFor(duration));
  }

  /**
   * How long after the last moment at which an attempt can have been sent a probe's "no" is
   * believed. Only for {@code verified}; 0 to 365 days; default: timeout + 5 s.
   */
  public Effect<I, O> settleAfter(Duration duration) {
    return new Effect<>(spec.withSettleAfter(duration));
  }

  /** Turns a target's "already done" error into its result. Only for {@code keyed}. */
  public Effect<I, O> duplicateAnswer(Function<Exception, Optional<O>> answer) {
    return new Effect<>(spec.withDuplicateAnswer(answer));
  }

  /** A read so quick that no earlier entry needs to be durable before it. Only for reads. */
  public Effect<I, O> cheap() {
    return new Effect<>(spec.withCheap());
  }

  /**
   * Names the undo that a rollback calls with this effect's input and result; registered with the
   * workflow by {@link Workflow.Definition#undo}.
   */
  public Effect<I, O> undo(String name) {
    return new Effect<>(spec.withUndo(new Entry.Undo.By(name)));
  }

  /** Says why a rollback leaves this effect as it is. */
  public Effect<I, O> noUndo(String reason) {
    return new Effect<>(spec.withUndo(new Entry.Undo.None(reason)));
  }

  /** What a replay does when the input is not the recorded one; default {@code REFUSE}. */
  public Effect<I, O> onMismatch(OnMismatch policy) {
    return new Effect<>(spec.withMismatch(policy));
  }

  /**
   * The word that step paths begin with; default {@code effect}.
   *
   * @param kind 1 to 20 lower-case letters; not one of the kernel's own
   */
  public Effect<I, O> kind(String kind) {
    return new Effect<>(spec.withKind(kind));
  }

  EffectSpec<I, O> spec() {
    return spec;
  }
}
