package dev.holdfast.kernel;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A workflow's view of its own durable execution: everything that must survive goes through it.
 *
 * <p>A {@code Run} belongs to one scope and to the thread that executes it; a call from elsewhere
 * is refused with {@link RunException.ScopeViolation}. Once a step waits or the run is stopped,
 * every further call unwinds the workflow with an {@link Error} that must not be caught.
 */
public interface Run {
  /**
   * The run, or part of it, that the calling thread executes, for code that is not handed one;
   * empty outside workflow code, also in the body of an effect or step.
   */
  static Optional<Run> current() {
    return Scope.current();
  }

  /** The run's id. */
  RunId id();

  /** The path of the scope that this view belongs to. */
  StepPath scope();

  /**
   * Performs an effect once in the life of the run, or returns its recorded outcome.
   *
   * @param name the step's name, unique enough to be read in a trace; repeats are numbered
   * @param input the one serialisable value that the effect gets; part of the step's identity
   * @throws EffectFailed when the target refused, or every allowed attempt failed
   */
  <I, O> O effect(String name, I input, Effect<? super I, O> effect);

  /**
   * Journals the result of a computation that touches nothing outside, so that a replay returns the
   * same. The body gets no input; it does not raise the output barrier.
   *
   * @throws EffectFailed when the body threw, or its result cannot be kept; a replay throws the
   *     same
   */
  <O> O step(String name, Class<O> type, Supplier<O> body);

  /** Reads something outside without an input; see {@link Effect#read}. */
  default <O> O read(String name, Class<O> type, Callable<O> body) {
    return effect(name, "", Effect.read(type, none -> body.call()));
  }

  /**
   * Runs branches at the same time, each in a scope of its own, and returns their results in the
   * order given once every branch has ended.
   *
   * <p>Where a branch throws, the others still end first; then the exception of the first branch in
   * order is thrown, with the later ones suppressed.
   */
  <T> List<T> parallel(String name, List<Branch<T>> branches);

  /**
   * Runs branches at the same time, each in a scope of its own, and returns the result of the first
   * that returns; which one that was is journaled.
   *
   * <p>The others take no further step. A wait (a timer, a signal, an approval) is dropped and a
   * child told to end; an effect under way first comes to its outcome, so a doubt in it keeps the
   * race from returning. A branch that throws has lost, unless all do: then the exception of the
   * first in order is thrown, with the others suppressed. Where a timer is one of the branches its
   * time counts also while the others work.
   *
   * @param branches at least one
   */
  <T> T race(String name, List<Branch<T>> branches);

  /**
   * Starts a run of that workflow and waits for its end, which holds no thread; its id is made of
   * this run's and the step's path. Any process that registered the workflow executes it.
   *
   * <p>The child has no more time than this run; where this run is cancelled, it is cancelled
   * first. A full queue makes the start wait.
   *
   * @param terms how it is let in; without a deduplication id
   * @return its result
   * @throws RunException.ChildEnded when it ended in another way than completed; uncaught, this run
   *     ends as failed
   */
  <I, O> O child(String name, Workflow<I, O> workflow, I input, Admission terms);

  /** Starts a run at once; see {@link #child(String, Workflow, Object, Admission)}. */
  default <I, O> O child(String name, Workflow<I, O> workflow, I input) {
    return child(name, workflow, input, Admission.AT_ONCE);
  }

  /** Runs the body in a scope of its own, with step numbers of its own. */
  <T> T scope(String name, Function<Run, T> body);

  /**
   * Repeats a turn until one is the last, each in a scope of its own, and returns the last state. A
   * turn that has ended is sealed: from then on a replay begins with the state that it gave and
   * reads nothing of what lies within, so that a long loop resumes as fast as a short one.
   *
   * <p>A turn is not sealed while anything within the loop is in doubt; a later one is, once that
   * is settled. Steps of sealed turns do not count against {@link Limits#stepsMax}. A loop within
   * another scope is sealed too, but its entries are still read; so are signals that a turn took
   * and turns that use a fact of the run ({@link Effect#oncePer}).
   *
   * @param type what the state is read as
   * @param initial what the first turn begins with: one serialisable value, like every state
   */
  <S> S turns(String name, Class<S> type, S initial, BiFunction<Run, S, Turn<S>> body);

  /**
   * Waits that long from the first time on that the run gets here; a long wait holds no thread.
   *
   * <p>It never returns before the store's clock has read the due time; a clock set back delays it.
   *
   * @param duration 0 to 365 days
   */
  void sleep(String name, Duration duration);

  /**
   * Waits for a signal of that name, sent by {@link Client#signal}, and takes it; one that came
   * before is taken at once, those that came first go first. Holds no thread.
   *
   * @param type what the signal's value is read as; a value that cannot be is refused and journaled
   * @param within 0 to 365 days from the first time on that the run gets here
   * @return empty where none was sent in time
   */
  <T> Optional<T> awaitSignal(String name, Class<T> type, Duration within);

  /**
   * Asks people for an approval and waits for the first answer, sent by {@link Client#approve}.
   * Holds no thread.
   *
   * @param shown what they see, one serialisable value; where it changes before anything followed,
   *     they are asked again
   */
  Approval awaitApproval(String name, Object shown, Approval.Terms terms);

  /** Asks anybody for an approval; see {@link #awaitApproval(String, Object, Approval.Terms)}. */
  default Approval awaitApproval(String name, Object shown, Duration within) {
    return awaitApproval(name, shown, Approval.by().within(within));
  }

  /**
   * What the runs of this run's session handed on last before this one had its turn; the same in
   * every replay.
   *
   * @param type what it is read as
   * @return empty where none handed on anything yet
   * @throws IllegalStateException where the run was started outside of a session
   */
  <T> Optional<T> sessionState(Class<T> type);

  /**
   * Hands a value to the next run of this run's session, committed together with this run's end
   * where that is {@link Outcome.Completed}; otherwise the next one gets what this one got. The
   * last call counts, of parallel branches the one that was journaled last. A replay keeps the
   * value that was recorded.
   *
   * @param state one serialisable value
   * @throws IllegalStateException where the run was started outside of a session
   */
  void handOn(Object state);

  /**
   * Whether this scope runs changed code: true where nothing was recorded beyond this place when
   * the scope got here first, false where the scope had gone on without the patch.
   *
   * <p>The first answer counts for the whole scope, in every replay; other scopes, also those
   * within this one, have their own. Once no run is left that would be answered false, the call and
   * the old code may go: what it left in the journal is passed over.
   *
   * @param id the change's name, the same in every deployment: a step name
   */
  boolean patched(String id);

  /** The time at which the run got here first. */
  Instant now();

  /** Random numbers that a replay repeats. */
  RandomGenerator random();

  /**
   * Ends the run as {@link Outcome.Truncated}: a limit stopped it. Never returns; what the workflow
   * still does while it unwinds is discarded.
   *
   * @param limit the limit's name, such as {@code steps}
   * @param facts what was reached and what was allowed
   */
  RuntimeException truncate(String limit, String facts);

  /** How a turn of a loop ended. */
  sealed interface Turn<S> {
    /** What it leaves to the next turn, or what the loop returns. */
    S state();

    /** Another turn follows. */
    record Next<S>(S state) implements Turn<S> {}

    /** It was the last. */
    record Done<S>(S state) implements Turn<S> {}

    /** Another turn follows, with that state. */
    static <S> Turn<S> next(S state) {
      return new Next<>(state);
    }

    /** It was the last; the loop returns that state. */
    static <S> Turn<S> done(S state) {
      return new Done<>(state);
    }
  }

  /**
   * One of several things to do at the same time.
   *
   * @param label the branch's name within its group; unique there
   * @param body what it does, given its own view of the run
   */
  record Branch<T>(String label, Function<Run, T> body) {}
}
