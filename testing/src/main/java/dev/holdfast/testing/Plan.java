package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a simulation plays: runs, when people act on them, and where what strikes; follows from a
 * seed.
 *
 * @param isShared whether the workers share the store, each with a lease, or one after the other
 *     has it alone
 * @param workers how many there are at a time
 * @param commitDelayMax how long a commit takes at most
 * @param concurrencyMax the bound of the queue
 */
record Plan(
    boolean isShared,
    int workers,
    Duration commitDelayMax,
    int concurrencyMax,
    List<PlannedRun> runs,
    List<Strike> strikes,
    List<Slow> slow) {
  static final String QUEUE = "q";
  static final String SESSION = "s";
  private static final int RUNS_MAX = 4;
  private static final int STRIKES_MAX = 4;
  private static final int BOUNDARY_MAX = 150;

  /**
   * A run with what it does.
   *
   * @param cancelAfter when somebody cancels it, if anybody does
   */
  record PlannedRun(
      String id,
      Program program,
      List<Program.Act> acts,
      List<Program.Hear> signals,
      Admission admission,
      Duration startAfter,
      Optional<Duration> cancelAfter) {
    boolean isInSession() {
      return admission.session().isPresent();
    }
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
    BACK
  }

  /** The next call for a fact takes that long, and cannot be interrupted where it lands late. */
  record Slow(String fact, Duration duration, boolean landsLate) {}

  static Plan drawn(long seed, World world) {
    var random = new Random(seed);
    boolean isShared = random.nextBoolean();
    var runs = new ArrayList<PlannedRun>();
    var slow = new ArrayList<Slow>();
    int count = 1 + random.nextInt(RUNS_MAX);
    for (int i = 0; i < count; i++) {
      var draw = new Program.Draw(random, "r" + i + "-", true);
      runs.add(run(random, "r" + i, draw));
      draw.trouble(world);
      draw.acts().forEach(act -> slow(random, act).ifPresent(slow::add));
    }
    return new Plan(
        isShared,
        isShared ? 1 + random.nextInt(3) : 1,
        Duration.ofMillis(random.nextInt(3) * 200L),
        1 + random.nextInt(2),
        runs,
        strikes(random),
        slow);
  }

  private static PlannedRun run(Random random, String id, Program.Draw draw) {
    Program program = draw.program();
    return new PlannedRun(
        id,
        program,
        draw.acts(),
        draw.signals(),
        admission(random),
        Duration.ofSeconds(random.nextInt(20)),
        random.nextInt(8) == 0
            ? Optional.of(Duration.ofSeconds(random.nextInt(90)))
            : Optional.empty());
  }

  private static Admission admission(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Admission.throughQueue(QUEUE);
      case 1 -> Admission.throughQueue(QUEUE).session(SESSION);
      case 2 -> Admission.inSession(SESSION);
      case 3 -> Admission.AT_ONCE.after(Duration.ofSeconds(random.nextInt(600)));
      default -> Admission.AT_ONCE;
    };
  }

  private static Optional<Slow> slow(Random random, Program.Act act) {
    if (act.contract() == Contract.TRANSACTIONAL || random.nextInt(6) > 0) {
      return Optional.empty(); // a database ends a transaction that takes too long by itself
    }
    boolean landsLate = random.nextBoolean();
    int seconds = landsLate ? 6 : random.nextInt(8);
    return Optional.of(new Slow(act.fact(), Duration.ofSeconds(seconds), landsLate));
  }

  private static List<Strike> strikes(Random random) {
    var strikes = new ArrayList<Strike>();
    for (int left = random.nextInt(STRIKES_MAX + 1); left > 0; left--) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      strikes.add(
          new Strike(
              kind, 1 + random.nextInt(BOUNDARY_MAX), Duration.ofSeconds(random.nextInt(60))));
    }
    return strikes;
  }
}
