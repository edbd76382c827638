package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Crashes an engine in this process at every boundary that a run reaches, each time in a fresh
 * world.
 *
 * <p>A first execution without a crash tells which boundaries there are; those that only show up
 * later are tried too. After each crash the same journal is opened again, the run is driven to its
 * end, and the scenario checks its laws. Safe for use by one thread.
 */
public final class CrashHarness {
  /** More boundaries than this end the search as a failure: 10,000. */
  public static final int BOUNDARIES_MAX = 10_000;

  private final Duration deadline;

  private CrashHarness(Duration deadline) {
    this.deadline = deadline;
  }

  /** A harness that gives each opening of a scenario at most that long. */
  public static CrashHarness within(Duration deadline) {
    return new CrashHarness(deadline);
  }

  /** One world with one journal; a fresh one is made for each crash. */
  public interface Scenario extends AutoCloseable {
    /** Opens the journal with those fault points and registers the workflows. */
    Engine open(FaultPoints faultPoints) throws Exception;

    /** Starts the runs, or finds them, and waits until they have ended. */
    void drive(Engine engine) throws Exception;

    /** Fails unless the world holds exactly what one undisturbed execution leaves there. */
    void check() throws Exception;

    /** Ends the world. */
    @Override
    default void close() {}
  }

  /**
   * A place at which a crash strikes.
   *
   * @param run the run that gets there; {@code *} before a claim
   * @param visit which arrival there it is, within one engine, from 1
   */
  public record Crash(Boundary boundary, RunId run, StepPath path, int visit) {}

  /**
   * Crashes a fresh scenario at each boundary and returns where the crashes struck.
   *
   * @throws AssertionError that names the crash after which a scenario did not end well
   */
  public List<Crash> crashEverywhere(Callable<? extends Scenario> fresh) {
    var known = new LinkedHashSet<Crash>(play(fresh, Trap.none()));
    var untried = new ArrayDeque<Crash>(known);
    var struck = new ArrayList<Crash>();
    while (!untried.isEmpty()) {
      var trap = Trap.at(untried.remove());
      for (Crash reached : play(fresh, trap)) {
        if (known.add(reached)) {
          untried.add(reached);
        }
      }
      trap.struck().ifPresent(struck::add);
      if (known.size() > BOUNDARIES_MAX) {
        throw new AssertionError(
            "The scenario has more than %,d boundaries. Make it shorter."
                .formatted(BOUNDARIES_MAX));
      }
    }
    return List.copyOf(struck);
  }

  /**
   * Plays a fresh scenario with a crash at that place.
   *
   * @return whether the scenario got there
   * @throws AssertionError when it did not end well
   */
  public boolean crashAt(Crash crash, Callable<? extends Scenario> fresh) {
    var trap = Trap.at(crash);
    play(fresh, trap);
    return trap.struck().isPresent();
  }

  /**
   * Plays a fresh scenario that crashes at the n-th boundary that its runs reach together,
   * whichever that is; with more counts, each opening that follows a crash crashes at the next of
   * them.
   *
   * @param counts the boundaries, each counted from 1 at the opening of its engine
   * @return where the crashes struck; fewer than there are counts where an execution ended before
   * @throws AssertionError that names the crashes after which the scenario did not end well
   */
  public List<Crash> crashAfter(Callable<? extends Scenario> fresh, int... counts) {
    List<Trap> traps = IntStream.of(counts).mapToObj(Trap::after).toList();
    play(fresh, traps);
    return traps.stream().flatMap(trap -> trap.struck().stream()).toList();
  }

  /** Plays one scenario and returns the boundaries that it reached before a crash. */
  private List<Crash> play(Callable<? extends Scenario> fresh, Trap trap) {
    play(fresh, List.of(trap));
    return trap.reached();
  }

  private void play(Callable<? extends Scenario> fresh, List<Trap> traps) {
    try (Scenario scenario = fresh.call()) {
      if (isCrashedByAll(traps, scenario)) {
        try (Engine again = scenario.open(FaultPoints.NONE)) {
          await(drive(scenario, again));
        }
      }
      scenario.check();
    } catch (Exception | AssertionError failure) {
      String crashes = traps.stream().map(Trap::toString).collect(Collectors.joining(", then "));
      throw new AssertionError(
          "Scenario failed %s: %s".formatted(crashes, failure.getMessage()), failure);
    }
  }

  private boolean isCrashedByAll(List<Trap> traps, Scenario scenario) throws Exception {
    for (Trap trap : traps) {
      driveInto(trap, scenario);
      if (trap.struck().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void driveInto(Trap trap, Scenario scenario) throws Exception {
    Engine engine = scenario.open(trap);
    FutureTask<Void> driving = drive(scenario, engine);
    if (trap.awaitCrashOr(driving, deadline)) {
      engine.crash();
      driving.cancel(true);
    } else {
      await(driving);
      engine.close();
    }
  }

  private static FutureTask<Void> drive(Scenario scenario, Engine engine) {
    var driving =
        new FutureTask<Void>(() -> {
          scenario.drive(engine);
          return null;
        });
    Thread.ofVirtual().name("drive").start(driving);
    return driving;
  }

  private void await(FutureTask<Void> driving) throws Exception {
    try {
      driving.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("The drive failed: " + failed.getCause(), failed.getCause());
    } catch (TimeoutException late) {
      driving.cancel(true);
      throw new IllegalStateException("The drive has not ended after " + deadline + ".", late);
    }
  }
}
