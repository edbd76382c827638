package dev.holdfast.gauntlet;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.Baton;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Plays one schedule on a fresh world, in virtual time; for one use by one thread. */
final class Play<W> implements FaultPoints {
  private static final int TURNS_MAX = 500_000;
  private static final int RUNS_MAX = 1_000;
  private static final int ENTRIES_MAX = 100_000;
  private static final int LOOKS_SETTLED = 2;
  private static final Duration COMMIT_MAX = Duration.ofMillis(20);
  private static final Duration DOWNTIME = Duration.ofSeconds(1);
  private static final Duration UNTIL_CRASHED = Duration.ofHours(1);
  private static final Duration LOOK_FIRST = Duration.ofSeconds(1);
  private static final Duration LOOK_MAX = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofDays(30);
  private static final String WORKER = "worker";
  private static final String FATE = "fate";

  private record Spot(Boundary boundary, RunId run, StepPath path) {}

  private final Scenario<W> scenario;
  private final Schedule schedule;
  private final W world;
  private final Baton baton;
  private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
  private final Outside outside = new Outside();
  private final FaultyCalls calls;
  private final Map<Spot, Integer> visits = new HashMap<>();
  private final List<Schedule.Place> reached = new ArrayList<>();
  private final List<Schedule.Strike> left;
  private @Nullable Engine engine;
  private @Nullable Journal journal;
  private boolean isOver;

  Play(Scenario<W> scenario, Schedule schedule) {
    this.scenario = scenario;
    this.schedule = schedule;
    this.world = scenario.world();
    this.baton = Baton.of(schedule.seed(), TURNS_MAX);
    this.calls = new FaultyCalls(baton, outside);
    this.left = new ArrayList<>(schedule.strikes());
  }

  /**
   * Plays it until every run has ended, or stands and waits for people.
   *
   * @throws AssertionError where something hangs or dies
   */
  Played<W> play() throws Exception {
    return baton.run(() -> {
      open();
      begin();
      await();
      isOver = true;
      close();
      return played(baton.journal(storage, Duration.ZERO));
    });
  }

  private Played<W> played(Journal last) {
    var histories = new LinkedHashMap<RunState, List<Recorded>>();
    runs(last).forEach(run -> histories.put(run, last.entries(run.id(), 0, ENTRIES_MAX)));
    int struck = schedule.strikes().size() - left.size();
    return new Played<>(schedule, world, histories, reached, struck, outside);
  }

  private void close() {
    Engine open = engine;
    if (open != null) {
      open.close();
    }
  }

  private void open() {
    Journal fresh = baton.journal(storage, COMMIT_MAX);
    Engine opened =
        Engine.over(fresh, JsonCodec.standard(), baton.settings(WORKER).faultPoints(this));
    scenario.register(opened, world);
    engine = opened;
    journal = fresh;
    if (isOver) {
      opened.close();
    }
  }

  private void begin() throws InterruptedException {
    for (boolean hasBegun = false; !hasBegun; ) {
      Engine open = engine;
      hasBegun = open != null && attempt(() -> scenario.start(open, world));
      baton.sleep(LOOK_FIRST);
    }
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

  private void await() throws InterruptedException {
    Instant end = baton.now().plus(PATIENCE);
    Duration look = LOOK_FIRST;
    for (int settled = 0; settled < LOOKS_SETTLED && baton.now().isBefore(end); ) {
      settled = attend() ? settled + 1 : 0;
      baton.sleep(look);
      look = look.multipliedBy(2).compareTo(LOOK_MAX) > 0 ? LOOK_MAX : look.multipliedBy(2);
    }
  }

  /** Lets people act, and tells whether nothing but they can go on. */
  private boolean attend() {
    Engine open = engine;
    Journal read = journal;
    if (open == null || read == null) {
      return false;
    }
    List<RunState> standing = new ArrayList<>();
    boolean isRead = attempt(() -> standing.addAll(runs(read)));
    standing.stream()
        .filter(run -> !run.status().isEnded())
        .forEach(run -> attempt(() -> scenario.attend(open.client(), world, run)));
    return isRead && standing.stream().allMatch(Play::isSettled);
  }

  private static boolean isSettled(RunState run) {
    return run.status().isEnded()
        || run.status() == Status.IN_DOUBT
        || run.status() == Status.QUARANTINED;
  }

  private static List<RunState> runs(Journal journal) {
    return journal.runs(EnumSet.allOf(Status.class), 0, RUNS_MAX);
  }

  @Override
  public void reached(Boundary boundary, RunId run, StepPath path) {
    baton.passOn();
    if (isOver) {
      return;
    }
    int visit = visits.merge(new Spot(boundary, run, path), 1, Integer::sum);
    var here = new Schedule.Place(boundary, run, path, visit);
    reached.add(here);
    if (take(new Schedule.Strike(Fault.CRASH, here))) {
      crash();
    }
  }

  private boolean take(Schedule.Strike strike) {
    return left.remove(strike);
  }

  @Override
  public <T> T calling(RunId run, StepPath path, Callable<T> call) throws Exception {
    Optional<Fault> fault = fault(run, path);
    return fault.isPresent()
        ? calls.call(fault.get(), run, path, call)
        : calls.done(run, path, call);
  }

  private Optional<Fault> fault(RunId run, StepPath path) {
    int visit = visits.getOrDefault(new Spot(Boundary.BEFORE_CALL, run, path), 1);
    var place = new Schedule.Place(Boundary.BEFORE_CALL, run, path, visit);
    Optional<Schedule.Strike> strike =
        left.stream()
            .filter(each -> each.place().equals(place) && each.fault() != Fault.CRASH)
            .findFirst();
    strike.ifPresent(left::remove);
    return strike.map(Schedule.Strike::fault);
  }

  /** The thread that got there stands until its process is gone. */
  private void crash() {
    Engine dying = engine;
    if (dying == null) {
      return; // what a dead process still does is no process
    }
    engine = null;
    baton.scheduler(FATE).start("crash", () -> replace(dying));
    try {
      baton.sleep(UNTIL_CRASHED);
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  private void replace(Engine dying) {
    dying.crash();
    try {
      baton.sleep(DOWNTIME);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts fate.", e);
    }
    open();
  }
}
