package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** The workers of a simulation, and what strikes them. */
final class Fleet {
  private static final Duration UNTIL_CRASHED = Duration.ofHours(1);
  private static final String FATE = "fate";

  /** What a run throws that is to be rolled back. */
  private static final class Doomed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A process that executes runs. */
  private static final class Worker implements FaultPoints {
    private final Fleet fleet;
    private final String name;
    private int callsOut;

    Worker(Fleet fleet, String name) {
      this.fleet = fleet;
      this.name = name;
    }

    @Override
    public void reached(Boundary boundary, RunId run, StepPath path) {
      fleet.baton.passOn();
      fleet.reached(this);
      callsOut += boundary == Boundary.BEFORE_CALL ? 1 : 0;
      callsOut -= boundary == Boundary.AFTER_CALL ? 1 : 0;
    }
  }

  private final Baton baton;
  private final Plan plan;
  private final World world;
  private final InMemoryJournal.Storage storage;
  private final BiFunction<InMemoryJournal.Storage, Journal, Journal> through;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Engine> engines = new ArrayList<>();
  private final Map<String, Engine> byName = new LinkedHashMap<>();
  private final List<Plan.Strike> strikes;
  private final Workflow<String, String> workflow;
  private int named;
  private int boundaries;
  private int struck;
  private int slowCalls;
  private boolean isDeployed;
  private boolean isOver;

  Fleet(
      Baton baton,
      Plan plan,
      World world,
      InMemoryJournal.Storage storage,
      BiFunction<InMemoryJournal.Storage, Journal, Journal> through) {
    this.baton = baton;
    this.plan = plan;
    this.world = world;
    this.storage = storage;
    this.through = through;
    this.strikes = new ArrayList<>(plan.strikes());
    this.workflow =
        Workflow.of("w", String.class, String.class)
            .undo("undo", String.class, String.class, world::takeBack)
            .failsOn(Doomed.class)
            .onFailure(Workflow.OnFailure.ROLL_BACK)
            .body(this::play);
    world.makeUndoable();
    plan.slow().forEach(slow -> world.failBefore(slow.fact(), () -> takeTime(slow)));
  }

  void begin() {
    for (int i = 0; i < plan.workers(); i++) {
      open();
    }
  }

  Workflow<String, String> workflow() {
    return workflow;
  }

  /** How many faults have struck. */
  int struck() {
    return struck;
  }

  /** Whether a call is on its way that nobody can see yet. */
  boolean hasSlowCalls() {
    return slowCalls > 0;
  }

  /** Any worker, where there is one. */
  Optional<Engine> any() {
    return engines.isEmpty()
        ? Optional.empty()
        : Optional.of(engines.get(baton.turns().random().nextInt(engines.size())));
  }

  Optional<Client> client() {
    return any().map(Engine::client);
  }

  private String play(Run run, String input) {
    var scene = new Program.Scene(world, workflow(), isDeployed);
    Plan.PlannedRun planned = plan.planned(input);
    if (planned.isInSession()) {
      run.handOn(run.sessionState(String.class).orElse("") + planned.id() + ";");
    }
    String seen = planned.program().play(run, scene);
    if (planned.fate().isDoomed()) {
      throw new Doomed();
    }
    return seen;
  }

  private void takeTime(Plan.Slow slow) throws InterruptedException {
    slowCalls++;
    try {
      if (slow.landsLate()) {
        baton.sleepAnyway(slow.duration());
      } else {
        baton.sleep(slow.duration());
      }
    } finally {
      slowCalls--;
    }
  }

  private void open() {
    var worker = new Worker(this, "w" + ++named);
    workers.add(worker);
    Journal journal =
        plan.isShared()
            ? baton.sharedJournal(storage, worker.name, plan.commitDelayMax())
            : baton.journal(storage, plan.commitDelayMax());
    Engine engine =
        Engine.over(
            through.apply(storage, journal),
            JsonCodec.standard(),
            baton.settings(worker.name).faultPoints(worker));
    engine.register(Queue.of(Plan.QUEUE).concurrencyMax(plan.concurrencyMax()));
    engine.register(Queue.of(Plan.NARROW_QUEUE).waitingMax(1));
    engine.register(workflow);
    engines.add(engine);
    byName.put(worker.name, engine);
    if (isOver) {
      engine.close(); // everything ended while it began
    }
  }

  private void reached(Worker worker) {
    boundaries++;
    if (!byName.containsKey(worker.name)) {
      return; // it crashes, or has not begun
    }
    Optional<Plan.Strike> due =
        strikes.stream().filter(strike -> boundaries >= strike.boundary()).findFirst();
    if (due.isPresent() && !isOver) {
      strikes.remove(due.get());
      strike(worker, due.get());
    }
  }

  private void strike(Worker worker, Plan.Strike strike) {
    switch (strike.kind()) {
      case CRASH -> crash(worker, strike.duration());
      case PAUSE -> pause(worker, strike);
      case FORWARD -> forward(strike);
      case BACK -> adjust(strike.duration().negated());
      case DEPLOY -> deploy();
    }
  }

  /** Code under way goes on as it was; no other worker plays what it played. */
  private void deploy() {
    struck++;
    isDeployed = true;
  }

  /** Where the clock leaps while a call is out, a probe cannot know how long it has been. */
  private void forward(Plan.Strike strike) {
    if (slowCalls > 0 || workers.stream().anyMatch(each -> each.callsOut > 0)) {
      strikes.add(strike);
    } else {
      adjust(strike.duration());
    }
  }

  private void adjust(Duration by) {
    struck++;
    baton.adjust(by.multipliedBy(60));
  }

  /** The window between the last look at the lease and the call is closed by no runtime. */
  private void pause(Worker worker, Plan.Strike strike) {
    if (worker.callsOut > 0 || slowCalls > 0) {
      strikes.add(strike);
      return;
    }
    struck++;
    baton.pause(worker.name);
    baton.turns().after(strike.duration(), () -> false, () -> baton.resume(worker.name));
    baton.passOn();
  }

  /** The thread that got there stands until its process is gone. */
  private void crash(Worker worker, Duration downtime) {
    Engine engine = Objects.requireNonNull(byName.remove(worker.name));
    struck++;
    engines.remove(engine);
    workers.remove(worker);
    baton
        .scheduler(FATE)
        .start(
            "crash-" + worker.name,
            () -> {
              baton.resume(worker.name);
              engine.crash();
              reopen(downtime);
            });
    try {
      baton.sleep(UNTIL_CRASHED);
    } catch (InterruptedException crashed) {
      Thread.currentThread().interrupt();
    }
  }

  private void reopen(Duration downtime) {
    try {
      baton.sleep(downtime);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts fate.", e);
    }
    if (!isOver) {
      open();
    }
  }

  /** Ends every worker in good order. */
  void close() {
    isOver = true;
    List.copyOf(byName.keySet()).forEach(baton::resume);
    List.copyOf(engines).forEach(Engine::close);
  }
}
