package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Clock;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.kernel.spi.Randomness;
import dev.holdfast.kernel.spi.Scheduler;

/**
 * What an engine is given from outside: limits, and where time, chance, threads and faults come in.
 *
 * @param worker the name of this process in journals
 * @param limits the bounds of every run
 * @param classifier asked before the built-in one
 * @param clock the time
 * @param randomness chance
 * @param scheduler how branches run
 * @param faultPoints where tests break things
 */
public record Settings(
    String worker,
    Limits limits,
    Classifier classifier,
    Clock clock,
    Randomness randomness,
    Scheduler scheduler,
    FaultPoints faultPoints) {
  /** Production settings with the process id as the worker's name. */
  public static Settings standard() {
    return new Settings(
        "pid-" + ProcessHandle.current().pid(),
        Limits.DEFAULT,
        thrown -> java.util.Optional.empty(),
        Clock.system(),
        new SystemRandomness(),
        new FreeScheduler(),
        FaultPoints.NONE);
  }

  /** The same under that worker name. */
  public Settings worker(String changed) {
    return new Settings(changed, limits, classifier, clock, randomness, scheduler, faultPoints);
  }

  /** The same with those limits. */
  public Settings limits(Limits changed) {
    return new Settings(worker, changed, classifier, clock, randomness, scheduler, faultPoints);
  }

  /** The same with that classifier asked first. */
  public Settings classifier(Classifier changed) {
    return new Settings(worker, limits, changed, clock, randomness, scheduler, faultPoints);
  }

  /** The same with that clock. */
  public Settings clock(Clock changed) {
    return new Settings(worker, limits, classifier, changed, randomness, scheduler, faultPoints);
  }

  /** The same with that source of chance. */
  public Settings randomness(Randomness changed) {
    return new Settings(worker, limits, classifier, clock, changed, scheduler, faultPoints);
  }

  /** The same with that scheduler. */
  public Settings scheduler(Scheduler changed) {
    return new Settings(worker, limits, classifier, clock, randomness, changed, faultPoints);
  }

  /** The same with those fault points. */
  public Settings faultPoints(FaultPoints changed) {
    return new Settings(worker, limits, classifier, clock, randomness, scheduler, changed);
  }
}
