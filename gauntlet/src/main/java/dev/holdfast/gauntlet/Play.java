package dev.holdfast.gauntlet;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.kernel.RunException;
import dev.holdfast.testing.Baton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;

/** Plays one schedule on a fresh world, in virtual time; for one use by one thread. */
final class Play<W> {
  private static final int TURNS_MAX = 500_000;
  private static final int RUNS_MAX = 1_000;
  private static final int ENTRIES_MAX = 100_000;
  private static final int LOOKS_SETTLED = 6;
  private static final Duration LOOK_FIRST = Duration.ofSeconds(1);
  private static final Duration LOOK_MAX = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofDays(30);

  private final Scenario<W> scenario;
  private final Schedule schedule;
  private final W world;
  private final Baton baton;
  private final Strikes strikes;
  private final Outside outside = new Outside();
  private final People people;
  private final Workers workers;

  Play(Scenario<W> scenario, Schedule schedule) {
    this.scenario = scenario;
    this.schedule = schedule;
    world = scenario.world();
    baton = Baton.of(schedule.seed(), TURNS_MAX);
    strikes = new Strikes(schedule);
    people = new People(baton, strikes);
    boolean isShared =
        schedule.strikes().stream().anyMatch(strike -> strike.fault() == Fault.PAUSED);
    workers =
        new Workers(
            baton,
            strikes,
            new FaultyCalls(baton, outside),
            people,
            engine -> scenario.begin(engine, world),
            isShared);
  }

  /**
   * Plays it until every run has ended, or stands and waits for people.
   *
   * @throws AssertionError where something hangs or dies
   */
  Played<W> play() throws Exception {
    return baton.run(() -> {
      workers.open();
      await();
      return played(workers.close());
    });
  }

  private Played<W> played(Journal last) {
    var histories = new LinkedHashMap<RunState, List<Recorded>>();
    runs(last).forEach(run -> histories.put(run, last.entries(run.id(), 0, ENTRIES_MAX)));
    return new Played<>(schedule, world, histories, strikes.reached(), strikes.struck(), outside);
  }

  private void await() throws InterruptedException {
    Instant end = baton.now().plus(PATIENCE);
    Duration look = LOOK_FIRST;
    for (int settled = 0; settled < LOOKS_SETTLED && baton.now().isBefore(end); ) {
      baton.sleep(look);
      settled = workers.hasBegun() && attend() ? settled + 1 : 0;
      look = look.multipliedBy(2).compareTo(LOOK_MAX) > 0 ? LOOK_MAX : look.multipliedBy(2);
    }
  }

  /** Lets people act, and tells whether nothing but they can go on. */
  private boolean attend() {
    return workers.latest().map(this::attend).orElse(false);
  }

  private boolean attend(Workers.Worker process) {
    int sent = people.sent();
    List<RunState> standing = new ArrayList<>();
    boolean isRead = attempt(() -> standing.addAll(runs(process.journal())));
    standing.stream()
        .filter(run -> !run.status().isEnded())
        .forEach(run -> people.act(run.id(), () -> attend(process, run)));
    return isRead && sent == people.sent() && standing.stream().allMatch(Play::isSettled);
  }

  private void attend(Workers.Worker process, RunState run) {
    attempt(() -> scenario.attend(process.engine().client(), world, run));
  }

  /** Whoever gets no answer asks again later, perhaps another process. */
  private static boolean attempt(Runnable act) {
    try {
      act.run();
      return true;
    } catch (StoreFailed | Fenced | RunException.MessageNotAccepted gone) {
      return false;
    }
  }

  private static boolean isSettled(RunState run) {
    return run.status().isEnded()
        || run.status() == Status.IN_DOUBT
        || run.status() == Status.QUARANTINED;
  }

  private static List<RunState> runs(Journal journal) {
    return journal.runs(EnumSet.allOf(Status.class), 0, RUNS_MAX);
  }
}
