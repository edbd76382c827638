package dev.holdfast.testing;

import dev.holdfast.kernel.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a simulation plays: runs, when people act on them, and where what strikes; follows from a
 * seed.
 *
 * @param isShared whether the workers share the store, each with a lease, or one after the other
 *     has it alone
 * @param workers how many there are at a time
 * @param commitDelayMax how long a commit takes at most
 * @param concurrencyMax the bound of the queue
 * @param runs what people start
 * @param children what steps may start
 */
record Plan(
    boolean isShared,
    int workers,
    Duration commitDelayMax,
    int concurrencyMax,
    List<PlannedRun> runs,
    List<PlannedRun> children,
    List<Strike> strikes,
    List<Slow> slow) {
  static final String QUEUE = "q";

  /** Takes few runs, all of them started by steps. */
  static final String NARROW_QUEUE = "narrow";

  static final String SESSION = "s";

  /**
   * A run with what it does.
   *
   * @param id what a person starts it by; of one that a step starts, what it is started with
   * @param acts what it may bring about
   * @param certain what it brings about where it completes
   */
  record PlannedRun(
      String id,
      Program program,
      List<Program.Act> acts,
      List<Program.Act> certain,
      List<Program.Hear> signals,
      Admission admission,
      Fate fate) {
    boolean isInSession() {
      return admission.session().isPresent();
    }
  }

  /**
   * What people and its own code do to a run.
   *
   * @param startAfter when somebody starts it, where no step does
   * @param cancelAfter when somebody cancels it, if anybody does
   * @param rollBackAfter when somebody has it undone, if anybody does
   * @param isResumed whether somebody lets it go on where it came to its deadline
   * @param isDoomed whether it fails in the end, so that all it did is undone
   */
  record Fate(
      Duration startAfter,
      Optional<Duration> cancelAfter,
      Optional<Duration> rollBackAfter,
      boolean isResumed,
      boolean isDoomed) {
    /** Started at once and left alone. */
    static final Fate NONE =
        new Fate(Duration.ZERO, Optional.empty(), Optional.empty(), false, false);
  }

  /** What happens at the n-th boundary that the workers reach together, counted from 1. */
  record Strike(Kind kind, int boundary, Duration duration) {}

  /** What strikes. */
  enum Kind {
    /** The worker's process ends; another begins after the duration. */
    CRASH,
    /** The worker's process stands still that long. */
    PAUSE,
    /** Everybody's clock is set forward. */
    FORWARD,
    /** Everybody's clock is set back. */
    BACK,
    /** Whatever executes a run from now on has the changed code. */
    DEPLOY
  }

  /** The next call for a fact takes that long, and cannot be interrupted where it lands late. */
  record Slow(String fact, Duration duration, boolean landsLate) {}

  static Plan drawn(long seed, World world) {
    return new Casting(new Random(seed), world).plan();
  }

  /** The run that is started with that input. */
  PlannedRun planned(String input) {
    return Stream.concat(runs.stream(), children.stream())
        .filter(run -> run.id().equals(input))
        .findFirst()
        .orElseThrow();
  }

  /** Whether a clock is set or a worker stands still, so that times tell less. */
  boolean isPunctual() {
    return strikes.stream()
        .allMatch(strike -> strike.kind() == Kind.CRASH || strike.kind() == Kind.DEPLOY);
  }
}
