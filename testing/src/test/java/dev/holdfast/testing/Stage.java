package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.kernel.spi.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A storage and a world that outlive engines, and the engines opened over them one by one. */
final class Stage implements AutoCloseable {
  static final Instant START = Instant.parse("2024-05-01T12:00:00Z");
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Always the same chance, so that a failure can be played again. */
  private static final Randomness FIXED =
      new Randomness() {
        @Override
        public long seed() {
          return 42;
        }

        @Override
        public double fraction() {
          return 0.5;
        }
      };

  final World world = new World();
  final ManualClock clock;
  private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
  private final List<Engine> engines = new ArrayList<>();
  private Settings settings;
  private Duration commitDelay = Duration.ZERO;
  private Function<Journal, Journal> wrapping = journal -> journal;
  private Journal journal;

  private Stage(ManualClock clock) {
    this.clock = clock;
    this.settings = Settings.standard().worker("w").clock(clock).randomness(FIXED);
    this.journal = new InMemoryJournal(storage, clock, Duration.ZERO);
  }

  /** A stage on which waits take no time. */
  static Stage leaping() {
    return new Stage(ManualClock.leapingFrom(START));
  }

  /** A stage on which time stands until a test moves it. */
  static Stage standing() {
    return new Stage(ManualClock.standingAt(START));
  }

  /** Commits take that long from the next opening on. */
  Stage commitDelay(Duration delay) {
    commitDelay = delay;
    return this;
  }

  Stage limits(UnaryOperator<Limits> change) {
    settings = settings.limits(change.apply(settings.limits()));
    return this;
  }

  Stage settings(UnaryOperator<Settings> change) {
    settings = change.apply(settings);
    return this;
  }

  /** Engines opened from now on see the journal through this. */
  Stage through(Function<Journal, Journal> wrapper) {
    wrapping = wrapper;
    return this;
  }

  Engine open(Workflow<?, ?>... workflows) {
    return open(FaultPoints.NONE, workflows);
  }

  /** Opens the storage as another process would: whoever had it open is fenced. */
  Engine open(FaultPoints faultPoints, Workflow<?, ?>... workflows) {
    journal = wrapping.apply(new InMemoryJournal(storage, clock, commitDelay));
    var engine = Engine.over(journal, JsonCodec.standard(), settings.faultPoints(faultPoints));
    engines.add(engine);
    engine.register(workflows);
    return engine;
  }

  /** The journal that was opened last. */
  Journal journal() {
    return journal;
  }

  /** What is recorded of a run; to be asked while an engine is open. */
  List<Recorded> history(String id) {
    return journal.entries(new RunId(id), 0, 100_000);
  }

  /** What a crash left; fences whoever is still at it. */
  List<Recorded> remains(String id) {
    journal = new InMemoryJournal(storage, clock, Duration.ZERO);
    return history(id);
  }

  <E extends Entry> List<E> entries(String id, Class<E> type) {
    return history(id).stream()
        .map(Recorded::entry)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** The fact that an effect of a run was to bring about. */
  String factOf(String id, StepPath path) {
    return entries(id, Entry.EffectIntended.class).stream()
        .filter(intended -> intended.path().equals(path))
        .map(intended -> JsonCodec.standard().decode(intended.call().input(), String.class))
        .map(String::valueOf)
        .findFirst()
        .orElseThrow();
  }

  /** Waits until the run has ended or needs somebody. */
  <O> Outcome<O> settled(Handle<O> handle) {
    Outcome<O> outcome = handle.await(PATIENCE);
    assertThat(outcome)
        .as(() -> "run %s, %s, %s".formatted(handle.id(), history(handle.id().text()), world))
        .isNotInstanceOf(Outcome.Waiting.class);
    Laws.check(history(handle.id().text()));
    return outcome;
  }

  /** Waits, moving the clock to whatever the run waits for. */
  <O> Outcome<O> driven(Handle<O> handle) {
    for (int moved = 0; moved < 200; moved++) {
      Outcome<O> outcome = handle.await(Duration.ofMillis(10));
      if (!(outcome instanceof Outcome.Waiting<O> waiting)) {
        return settled(handle);
      }
      advanceTo(waiting);
    }
    return settled(handle);
  }

  /** Moves the clock to the earliest time that a run waits for. */
  void advanceTo(Outcome.Waiting<?> waiting) {
    waiting.waits().stream()
        .flatMap(wait -> due(wait).stream())
        .min(Instant::compareTo)
        .filter(due -> due.isAfter(clock.now()))
        .ifPresent(due -> clock.advance(Duration.between(clock.now(), due)));
  }

  /** Waits until the run is parked for a time. */
  <O> List<Wait> parked(Handle<O> handle) {
    for (int looked = 0; looked < 2_000; looked++) {
      Outcome<O> outcome = handle.outcome();
      if (outcome instanceof Outcome.Waiting<O> waiting && !waiting.waits().isEmpty()) {
        return waiting.waits();
      }
      assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
      LockSupport.parkNanos(2_000_000);
    }
    throw new AssertionError("Run %s did not park: %s".formatted(handle.id(), handle.outcome()));
  }

  static Optional<Instant> due(Wait wait) {
    return switch (wait) {
      case Wait.Retry retry -> Optional.of(retry.due());
      case Wait.Probe probe -> Optional.of(probe.due());
      case Wait.Doubt doubt -> Optional.empty();
      case Wait.HeldIntent held -> Optional.empty();
      case Wait.Child child -> Optional.empty();
      case Wait.QueueRoom room -> Optional.of(room.due());
      case Wait.HeldFact held -> Optional.of(held.due());
      case Wait.Timer timer -> Optional.of(timer.due());
      case Wait.Signal signal -> Optional.of(signal.due());
      case Wait.Approval approval -> Optional.of(approval.due());
    };
  }

  @Override
  public void close() {
    engines.forEach(Engine::close);
  }
}
