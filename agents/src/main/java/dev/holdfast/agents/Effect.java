package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Intent;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a repeat of a tool method would do; stands beside LangChain4j's {@code @Tool}.
 *
 * <p>Durations are a whole number and a unit, such as {@code 500ms}, {@code 10s}, {@code 5m},
 * {@code 24h} or {@code 7d}; an empty text means the default. What does not fit the method is
 * refused when the agent is built.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Effect {
  /** What a repeat would do. */
  Contract value();

  /** Within which scope the intent happens at most once; empty where no intent is named. */
  Intent.Scope[] oncePer() default {};

  /**
   * The business fact, as a name and the required parameters that tell one from another: {@code
   * refund:{orderId}}.
   */
  String intent() default "";

  /** How long one attempt may take; default {@link dev.holdfast.kernel.Limits}. */
  String timeout() default "";

  /** How many attempts there are at most; 0 for the default. */
  int attemptsMax() default 0;

  /** When a probe's "no" is believed. Only for {@code VERIFIED}; default timeout + 5 s. */
  String settleAfter() default "";

  /** How long the target remembers a key. Only for {@code KEYED}; default for ever. */
  String validFor() default "";

  /**
   * The method of the same object that asks whether the effect happened. Only for {@code VERIFIED}.
   *
   * <p>It takes an {@link dev.holdfast.journal.IdempotencyKey} and any of the tool's parameters, by
   * name, and returns an {@link dev.holdfast.kernel.Effect.Answer}.
   */
  String probe() default "";

  /** What happens when nobody can know whether it happened. */
  DoubtPolicy onDoubt() default DoubtPolicy.ASK;

  /** Which calls a person must approve before they leave; default none. */
  Class<? extends ApprovalRule> approve() default ApprovalRule.Never.class;

  /** Who may approve; anybody where empty. */
  String[] approvers() default {};

  /** How long the question stands; default {@link dev.holdfast.kernel.Limits#humanWait}. */
  String approveWithin() default "";

  /** Who is asked once the time is up; needs {@link #escalateWithin}. */
  String[] escalateTo() default {};

  /** How long they have; empty where nobody else is asked. */
  String escalateWithin() default "";

  /**
   * Beginnings of results by which the target says no. Such a result reaches the model, nothing
   * counts as done, and a transaction is rolled back.
   */
  String[] rejections() default {};

  /** Exceptions by which the tool says that the target refused and nothing happened. */
  Class<? extends Exception>[] rejectedOn() default {};
}
