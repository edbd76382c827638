package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.gauntlet.Schedule.Place;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.Baton;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The processes of a play, one after the other or side by side, and what befalls them. */
final class Workers {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.gauntlet");
  private static final Duration COMMIT_MAX = Duration.ofMillis(20);
  private static final Duration DOWNTIME = Duration.ofSeconds(1);
  private static final Duration UNTIL_CRASHED = Duration.ofHours(1);
  private static final Duration PAUSE = Limits.DEFAULT.leaseTtl().multipliedBy(3);
  private static final Duration COMMIT_SLOW = Duration.ofSeconds(20);
  private static final Duration DISK_FULL = Duration.ofMinutes(1);
  private static final Duration STORE_AWAY = Duration.ofSeconds(30);
  private static final Duration CLOCK = Duration.ofHours(1);
  private static final String FATE = "fate";
  private static final Set<Fault.Group> HERE = EnumSet.of(Fault.Group.PROCESS, Fault.Group.STORE);
  private static final Set<Fault.Group> CALLS =
      EnumSet.of(Fault.Group.CALLS, Fault.Group.RESULTS, Fault.Group.MODELS);

  private final Baton baton;
  private final Strikes strikes;
  private final FaultyCalls calls;
  private final People people;
  private final Consumer<Engine> beginning;
  private final boolean isShared;
  private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
  private final Outage outage;
  private final List<Worker> living = new ArrayList<>();
  private int named;
  private int callsOut;
  private boolean hasBegun;
  private boolean isOver;

  /**
   * Makes none yet.
   *
   * @param beginning what each does first
   * @param isShared whether several may have the store open, as the lease of a paused one runs out
   */
  Workers(
      Baton baton,
      Strikes strikes,
      FaultyCalls calls,
      People people,
      Consumer<Engine> beginning,
      boolean isShared) {
    this.baton = baton;
    this.strikes = strikes;
    this.calls = calls;
    this.people = people;
    this.beginning = beginning;
    this.isShared = isShared;
    this.outage = new Outage(baton);
  }

  /** One process with its store open. */
  final class Worker implements FaultPoints {
    private final String name = "worker-" + ++named;
    private final FaultyJournal journal;
    private final Engine engine;

    /** The calls between the last look at the lease and their target. */
    private final Set<Outside.Step> leaving = new HashSet<>();

    Worker() {
      Journal opened =
          isShared
              ? baton.sharedJournal(storage, name, COMMIT_MAX)
              : baton.journal(storage, COMMIT_MAX);
      journal = new FaultyJournal(opened, outage, people);
      engine = Engine.over(journal, JsonCodec.standard(), baton.settings(name).faultPoints(this));
    }

    Engine engine() {
      return engine;
    }

    Journal journal() {
      return journal;
    }

    /** Whether a call of it may still leave that its look at the lease allowed. */
    boolean isLeaving() {
      leaving.removeIf(step -> journal.hasLost(step.run()));
      return !leaving.isEmpty();
    }

    @Override
    public void reached(Boundary boundary, RunId run, StepPath path) {
      baton.passOn();
      if (!isOver && living.contains(this)) { // what a dead process still does is no process
        arrive(this, Moment.of(boundary), run, path);
      }
    }

    @Override
    public <T> T calling(RunId run, StepPath path, Callable<T> call) throws Exception {
      Optional<Fault> fault = strikes.take(strikes.ofCall(run, path), CALLS);
      if (living.contains(this) && journal.hasLost(run)) {
        calls.orphaned(run, path);
      }
      leaving.remove(new Outside.Step(run, path));
      callsOut++;
      try {
        return fault.isPresent()
            ? calls.call(fault.get(), run, path, call)
            : calls.done(run, path, call);
      } finally {
        callsOut--;
      }
    }
  }

  /** The one that began last, of those that live. */
  Optional<Worker> latest() {
    return living.isEmpty() ? Optional.empty() : Optional.of(living.getLast());
  }

  /** Whether any process has done what each does first. */
  boolean hasBegun() {
    return hasBegun;
  }

  void open() {
    if (isOver) {
      return; // every run has ended while this one was awaited
    }
    var opened = new Worker();
    living.add(opened);
    baton.scheduler(opened.name).start("main", () -> begin(opened));
  }

  private void begin(Worker worker) {
    try {
      beginning.accept(worker.engine);
      hasBegun = true;
    } catch (Fenced takenOver) {
      LOG.log(System.Logger.Level.DEBUG, "{0} was taken over as it began", worker.name);
    } catch (RuntimeException failed) {
      if (living.contains(worker) && !isOver) {
        throw failed; // a dead process fails for no other reason
      }
    }
  }

  /** Ends them all in good order, and tells what the store holds. */
  Journal close() {
    isOver = true;
    living.forEach(each -> baton.resume(each.name));
    List.copyOf(living).forEach(each -> each.engine.close());
    return baton.journal(storage, Duration.ZERO);
  }

  /** A run of that process gets there; whatever strikes has struck when this returns. */
  void arrive(Worker worker, Moment moment, RunId run, StepPath path) {
    Place place = strikes.arrive(moment, run, path);
    strikes.take(place, HERE).ifPresent(fault -> strike(worker, fault));
    if (moment == Moment.BEFORE_CALL) {
      worker.leaving.add(new Outside.Step(run, path)); // only now it looks at its lease
    }
  }

  private void strike(Worker worker, Fault fault) {
    switch (fault) {
      case CRASH -> end(worker, () -> {});
      case COMMIT_FAILED -> end(worker, worker.journal::abandon);
      case PAUSED -> unlessCalling(() -> pause(worker));
      case CLOCK_BACK -> baton.adjust(CLOCK.negated());
      case CLOCK_AHEAD -> unlessCalling(() -> baton.adjust(CLOCK));
      case COMMIT_SLOW -> baton.stallCommits(COMMIT_SLOW);
      case DISK_FULL -> outage.begin(DISK_FULL, true);
      case STORE_AWAY -> outage.begin(STORE_AWAY, false);
      default -> throw new IllegalArgumentException(fault.word() + " strikes no process.");
    }
  }

  /** How long a call is out that was sent before, no probe can know and no lease prevent. */
  private void unlessCalling(Runnable strike) {
    if (callsOut > 0 || living.stream().anyMatch(Worker::isLeaving)) {
      strikes.spared();
    } else {
      strike.run();
    }
  }

  private void pause(Worker worker) {
    baton.pause(worker.name);
    baton
        .scheduler(FATE)
        .start(
            "pause",
            () -> {
              open();
              baton.sleepAnyway(PAUSE);
              baton.resume(worker.name);
            });
    baton.passOn();
  }

  /** The thread that got there stands until its process is gone. */
  private void end(Worker dying, Runnable before) {
    living.remove(dying);
    before.run();
    baton.scheduler(FATE).start("crash", () -> replace(dying));
    try {
      baton.sleep(UNTIL_CRASHED);
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  private void replace(Worker dying) {
    baton.resume(dying.name);
    dying.engine.crash();
    baton.sleepAnyway(DOWNTIME);
    open();
  }
}
