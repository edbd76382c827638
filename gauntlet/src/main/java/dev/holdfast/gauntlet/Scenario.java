package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What runs the gauntlet: runs that touch a world outside, made afresh for every schedule.
 *
 * <p>Everything happens in virtual time on one thread at a time. Nothing in it may wait in another
 * way than by its run: no {@code Thread.sleep}, no lock that is held across a step, no network.
 *
 * @param <W> the world outside, which no fault touches: it counts what really reached it
 */
public interface Scenario<W> {
  /** A fresh world; one that is {@link AutoCloseable} is closed once its play was judged. */
  W world();

  /**
   * What a process does that has just begun: registers its workflows, agents and queues, and starts
   * the runs, each under an id that is always the same.
   *
   * <p>Called in every process, so the first start of an id counts; called again in the same where
   * the store refused a start.
   */
  void begin(Engine engine, W world);

  /**
   * Does what people do about a run that has not ended: sends signals, approves, settles doubts.
   * Called now and then; by default nobody does anything.
   */
  default void attend(Client client, W world, RunState run) {}

  /**
   * Fails where the world is not as it must be, whatever struck. Whatever it throws is told with
   * the schedule that led there.
   *
   * @param ended how each run stands: ended, or in doubt, quarantined or waiting for people; empty
   *     where it judges a plain loop, which has no runs
   */
  default void check(W world, Map<RunId, Status> ended) {}

  /** The same agent without a runtime, to play beside it; by default there is none. */
  default Optional<Plain<W>> plain() {
    return Optional.empty();
  }

  /**
   * An agent on a loop in memory, as most are written.
   *
   * @param <W> the scenario's world
   */
  @FunctionalInterface
  interface Plain<W> {
    /**
     * What one process does, from its beginning to its end; it runs in real time and must not wait.
     *
     * @param calls through which it makes each call of a model or a tool
     */
    void live(W world, Calls calls) throws Exception;
  }

  /** Makes the calls of a plain agent, as badly as a schedule says; for one thread. */
  interface Calls {
    /** Makes one call. */
    <T> T call(String name, Callable<T> call) throws Exception;
  }
}
