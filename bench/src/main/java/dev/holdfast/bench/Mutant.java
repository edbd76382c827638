package dev.holdfast.bench;

import dev.holdfast.bench.MutantAnswers.Absent;
import dev.holdfast.bench.MutantAnswers.Due;
import dev.holdfast.bench.MutantAnswers.Free;
import dev.holdfast.bench.MutantAnswers.FreshKey;
import dev.holdfast.bench.MutantAnswers.Granted;
import dev.holdfast.bench.MutantAnswers.Hasty;
import dev.holdfast.bench.MutantAnswers.Idempotent;
import dev.holdfast.bench.MutantAnswers.Last;
import dev.holdfast.bench.MutantAnswers.Lost;
import dev.holdfast.bench.MutantAnswers.No;
import dev.holdfast.bench.MutantAnswers.NotSent;
import dev.holdfast.bench.MutantAnswers.Present;
import dev.holdfast.bench.MutantAnswers.Refused;
import dev.holdfast.bench.MutantAnswers.SameKey;
import dev.holdfast.bench.MutantAnswers.Yes;
import java.util.List;
import java.util.Optional;

/**
 * A bug that is planted in a copy of one class.
 *
 * @param name what is wrong
 * @param type the class
 * @param method its method
 * @param parameters how many it has
 * @param change what it does instead
 */
record Mutant(String name, String type, String method, int parameters, Change change) {
  /** What a method does instead. */
  sealed interface Change {
    /** Nothing; its result is null. */
    record Nothing() implements Change {}

    /** What that class's only method answers. */
    record Answers(Class<?> by) implements Change {}

    /** What it did, with other arguments. */
    record Advised(Class<?> by) implements Change {}
  }

  private static final String KERNEL = "dev.holdfast.kernel.";

  /** Every bug. */
  static List<Mutant> all() {
    return List.of(
        of("the call leaves before its intent is durable", "Activation", "barrier", 1),
        of("a process calls without a look at its lease", "Activation", "lease", 0),
        answers("each attempt has a key of its own", "EffectStep", "key", 0, FreshKey.class),
        answers("all effects have the same key", "EffectStep", "key", 0, SameKey.class),
        answers("recovery repeats everything", "Recovery$Terms", "contract", 0, Idempotent.class),
        answers("a lost answer counts as not sent", "Target", "failure", 1, NotSent.class),
        answers("a lost answer counts as refused", "Target", "failure", 1, Refused.class),
        advised("a probe's no is believed at once", "EffectStep", "probe", 1, Hasty.class),
        answers("a probe's yes is heard as no", "Target", "probe", 2, Absent.class),
        answers("a probe's no is heard as yes", "Target", "probe", 2, Present.class),
        advised("a held fact is anybody's", "Ledger", "decide", 2, Free.class),
        advised("a settled no is heard as yes", "StepHistory", "settled", 1, Yes.class),
        advised("a settled yes is heard as no", "StepHistory", "settled", 1, No.class),
        answers("a signal is lost", "Signals", "take", 3, Lost.class),
        of("a message is acknowledged before it is kept", "Client", "accepted", 1),
        answers("a no of a person is heard as yes", "ApprovalStep", "answer", 1, Granted.class),
        answers("every wait is over at once", "WaitStep", "due", 0, Due.class),
        of("a rollback undoes nothing", "Rollback", "undo", 1),
        advised("a rollback undoes only the last", "Rollback", "units", 1, Last.class));
  }

  private static Mutant advised(
      String name, String type, String method, int parameters, Class<?> by) {
    return new Mutant(name, KERNEL + type, method, parameters, new Change.Advised(by));
  }

  private static Mutant of(String name, String type, String method, int parameters) {
    return new Mutant(name, KERNEL + type, method, parameters, new Change.Nothing());
  }

  private static Mutant answers(
      String name, String type, String method, int parameters, Class<?> by) {
    return new Mutant(name, KERNEL + type, method, parameters, new Change.Answers(by));
  }

  /** The first law that is broken by a kernel with that bug; with none, by the kernel as it is. */
  static Optional<String> broken(Optional<Mutant> mutant) {
    return new MutantLoader(mutant).play();
  }
}
