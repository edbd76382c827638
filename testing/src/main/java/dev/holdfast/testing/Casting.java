package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Draws a plan by lot. */
final class Casting {
  private static final int RUNS_MAX = 4;
  private static final int CHILDREN_MAX = 3;
  private static final int STRIKES_MAX = 4;
  private static final int BOUNDARY_MAX = 150;
  private final Random random;
  private final World world;
  private final List<Plan.Slow> slow = new ArrayList<>();
  private final Map<Integer, Plan.PlannedRun> children = new TreeMap<>();
  private int spawned;

  Casting(Random random, World world) {
    this.random = random;
    this.world = world;
  }

  Plan plan() {
    boolean isShared = random.nextBoolean();
    var runs = new ArrayList<Plan.PlannedRun>();
    int count = 1 + random.nextInt(RUNS_MAX);
    for (int i = 0; i < count; i++) {
      runs.add(run("r" + i, 3, admission()));
    }
    return new Plan(
        isShared,
        isShared ? 1 + random.nextInt(3) : 1,
        Duration.ofMillis(random.nextInt(3) * 200L),
        1 + random.nextInt(2),
        runs,
        List.copyOf(children.values()),
        strikes(),
        slow);
  }

  private Optional<Program.Spawn> spawn(String name) {
    if (spawned == CHILDREN_MAX) {
      return Optional.empty();
    }
    int number = spawned++;
    Plan.PlannedRun child = run("c" + number, 1, terms());
    children.put(number, child);
    return Optional.of(
        new Program.Spawn(name, child.id(), child.program().expected(), child.admission()));
  }

  private Plan.PlannedRun run(String id, int depth, Admission admission) {
    var draw = new Draw(random, id + "-", Optional.of(this::spawn));
    Program program = draw.program(depth);
    var run =
        new Plan.PlannedRun(
            id,
            program,
            draw.acts(),
            draw.certainActs(),
            draw.signals(),
            admission,
            fate(admission));
    draw.trouble(world);
    draw.acts().forEach(act -> slow(act).ifPresent(slow::add));
    return run;
  }

  /** Whatever opens a run of a session again would let it go on beside the next one. */
  private Plan.Fate fate(Admission admission) {
    boolean isAlone = admission.session().isEmpty();
    return new Plan.Fate(
        Duration.ofSeconds(random.nextInt(20)),
        perhaps(8).map(now -> Duration.ofSeconds(random.nextInt(90))),
        perhaps(10).filter(now -> isAlone).map(now -> rollBackAfter()),
        random.nextBoolean() && isAlone,
        random.nextInt(6) == 0);
  }

  private Duration rollBackAfter() {
    return random.nextBoolean()
        ? Duration.ofSeconds(random.nextInt(90))
        : Duration.ofHours(random.nextInt(72));
  }

  private Optional<Boolean> perhaps(int oneIn) {
    return random.nextInt(oneIn) == 0 ? Optional.of(true) : Optional.empty();
  }

  private Admission admission() {
    Admission admission =
        switch (random.nextInt(6)) {
          case 0 -> Admission.throughQueue(Plan.QUEUE);
          case 1 -> Admission.throughQueue(Plan.QUEUE).session(Plan.SESSION);
          case 2 -> Admission.inSession(Plan.SESSION);
          case 3 -> Admission.AT_ONCE.after(Duration.ofSeconds(random.nextInt(600)));
          default -> Admission.AT_ONCE;
        };
    return perhaps(6).map(now -> admission.within(within())).orElse(admission);
  }

  private Admission terms() {
    Admission admission =
        switch (random.nextInt(4)) {
          case 0, 1 -> Admission.throughQueue(Plan.NARROW_QUEUE);
          case 2 -> Admission.AT_ONCE.after(Duration.ofSeconds(random.nextInt(60)));
          default -> Admission.AT_ONCE;
        };
    return perhaps(4).map(now -> admission.within(within())).orElse(admission);
  }

  private Duration within() {
    return random.nextBoolean()
        ? Duration.ofSeconds(1 + random.nextInt(120))
        : Duration.ofHours(1 + random.nextInt(72));
  }

  private Optional<Plan.Slow> slow(Program.Act act) {
    if (act.contract() == Contract.TRANSACTIONAL || random.nextInt(6) > 0) {
      return Optional.empty(); // a database ends a transaction that takes too long by itself
    }
    boolean landsLate = random.nextBoolean();
    int seconds = landsLate ? 6 : random.nextInt(8);
    return Optional.of(new Plan.Slow(act.fact(), Duration.ofSeconds(seconds), landsLate));
  }

  private List<Plan.Strike> strikes() {
    var strikes = new ArrayList<Plan.Strike>();
    for (int left = random.nextInt(STRIKES_MAX + 1); left > 0; left--) {
      Plan.Kind[] kinds = Plan.Kind.values();
      Plan.Kind kind = kinds[random.nextInt(kinds.length)];
      strikes.add(
          new Plan.Strike(
              kind, 1 + random.nextInt(BOUNDARY_MAX), Duration.ofSeconds(random.nextInt(60))));
    }
    return strikes;
  }
}
