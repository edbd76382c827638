package dev.holdfast.testing;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Crashes an engine in this process at its first boundary, then in a fresh world at its second, and
 * so on, until a run passes without reaching the next: every place at which a crash can strike.
 *
 * <p>After each crash the same journal is opened again, the run is driven to its end, and the
 * scenario checks its laws. Safe for use by one thread.
 */
public final class CrashHarness {
  /** More boundaries than this in one run end the search as a failure: 10,000. */
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

  /** A place at which a crash struck: the number of the boundary, from 1, and where it was. */
  public record Crash(int number, Boundary boundary, StepPath path) {}

  /**
   * Crashes a fresh scenario at each boundary in turn and returns where the crashes struck.
   *
   * @throws AssertionError that names the crash after which a scenario did not end well
   */
  public List<Crash> crashEverywhere(Callable<? extends Scenario> fresh) {
    var crashes = new ArrayList<Crash>();
    while (crashes.size() < BOUNDARIES_MAX) {
      Optional<Crash> crash = crashAt(crashes.size() + 1, fresh);
      if (crash.isEmpty()) {
        return List.copyOf(crashes);
      }
      crashes.add(crash.get());
    }
    throw new AssertionError(
        "The scenario has more than %,d boundaries. Make it shorter.".formatted(BOUNDARIES_MAX));
  }

  /** The same at one boundary only; empty where the scenario ends without reaching it. */
  public Optional<Crash> crashAt(int number, Callable<? extends Scenario> fresh) {
    var trap = new Trap(number);
    try (Scenario scenario = fresh.call()) {
      driveInto(trap, scenario);
      if (trap.crash().isPresent()) {
        try (Engine again = scenario.open(FaultPoints.NONE)) {
          await(drive(scenario, again));
        }
      }
      scenario.check();
      return trap.crash();
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "Scenario failed %s: %s".formatted(trap.describe(), failure.getMessage()), failure);
    }
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
