package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A part of a run with its own step numbers, owned by one thread. */
final class Scope implements Run {
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  private final Activation activation;
  private final StepPath path;
  private final Optional<BooleanSupplier> lost;
  private final Thread owner;
  private final Order order;
  private final Map<String, Integer> numbers = new HashMap<>();
  private int taken;
  private boolean busy;
  private boolean ended;
  private volatile boolean waiting;

  /** The run's own, made on the thread that will use it. */
  Scope(Activation activation) {
    this(activation, StepPath.ROOT, Optional.empty());
  }

  /**
   * Made on the thread that will use it.
   *
   * @param lost whether another branch has won a race in which it stands, if it stands in any
   */
  Scope(Activation activation, StepPath path, Optional<BooleanSupplier> lost) {
    this.activation = activation;
    this.path = path;
    this.lost = lost;
    this.owner = Thread.currentThread();
    this.order = new Order(activation, path);
  }

  @Override
  public RunId id() {
    return activation.run();
  }

  @Override
  public StepPath scope() {
    return path;
  }

  @Override
  public <I, O> O effect(String name, I input, Effect<? super I, O> effect) {
    EffectSpec<? super I, O> spec = effect.spec();
    return inStep(
        spec.kind(), name, at -> new EffectStep<>(activation, this, at, spec, input).perform());
  }

  @Override
  public <O> O step(String name, Class<O> type, Supplier<O> body) {
    return inStep("step", name, at -> new PureStep<>(activation, at, type, body).perform());
  }

  @Override
  public <T> List<T> parallel(String name, List<Branch<T>> branches) {
    return inStep("par", name, at -> new Parallel<>(activation, this, at, branches).perform());
  }

  @Override
  public <T> T race(String name, List<Branch<T>> branches) {
    return inStep("race", name, at -> new Race<>(activation, this, at, branches).perform());
  }

  @Override
  public <I, O> O child(String name, Workflow<I, O> workflow, I input, Admission terms) {
    return inStep(
        "child",
        name,
        at -> new ChildStep<>(activation, this, at, workflow, input, terms).perform());
  }

  @Override
  public <T> T scope(String name, Function<Run, T> body) {
    return inStep(
        "scope",
        name,
        at -> {
          if (recorded(at).isEmpty()) {
            activation.append(new Entry.ScopeOpened(at, List.of()));
          }
          var inner = new Scope(activation, at, lost);
          return inner.finish(() -> body.apply(inner), this);
        });
  }

  @Override
  public <S> S turns(String name, Class<S> type, S initial, BiFunction<Run, S, Turn<S>> body) {
    return inStep(
        Seals.LOOP, name, at -> new Turns<>(activation, this, at, type, body).perform(initial));
  }

  /** The innermost scope on this thread whose steps may be called now. */
  static Optional<Run> current() {
    Scope scope = CURRENT.get();
    return scope == null || scope.busy ? Optional.empty() : Optional.of(scope);
  }

  /** Runs the body to its end; whatever it did with a suspension, a waiting scope waits on. */
  <T> T finish(Supplier<T> body, Scope outer) {
    @Nullable Scope before = CURRENT.get();
    CURRENT.set(this);
    try {
      return finished(body, outer);
    } finally {
      CURRENT.set(before);
    }
  }

  private <T> T finished(Supplier<T> body, Scope outer) {
    T result;
    try {
      result = body.get();
    } catch (Throwable thrown) { // of any kind: it must not hide that recorded steps are left
      end(outer, Optional.of(Redaction.of(CheckedInBody.unwrapped(thrown))));
      throw thrown;
    }
    end(outer, Optional.empty());
    return result;
  }

  private void end(Scope outer, Optional<String> thrown) {
    ended = true;
    outer.takeIn(this);
    checkNotStopped();
    if (!isLost()) {
      order.end(thrown);
    }
  }

  @Override
  public void sleep(String name, Duration duration) {
    this.<Optional<Void>>inStep(
        "timer",
        name,
        at -> {
          new WaitStep(activation, this, at, duration).sleep();
          return Optional.empty();
        });
  }

  @Override
  public <T> Optional<T> awaitSignal(String name, Class<T> type, Duration within) {
    return inStep(
        "signal", name, at -> new WaitStep(activation, this, at, within).signal(name, type));
  }

  @Override
  public Approval awaitApproval(String name, Object shown, Approval.Terms terms) {
    return inStep(
        "approval",
        name,
        at -> {
          Payload encoded = activation.encoded(shown, "question", at);
          return new ApprovalStep(activation, this, at, encoded, terms).perform();
        });
  }

  @Override
  public <T> Optional<T> sessionState(Class<T> type) {
    Payload state = inStep("session", "state", activation.session()::read);
    return state.equals(Payload.NULL)
        ? Optional.empty()
        : Optional.of(activation.parts().decode(state, type));
  }

  @Override
  public void handOn(Object state) {
    this.<Optional<Void>>inStep(
        "session",
        "hand-on",
        at -> {
          activation.session().handOn(at, activation.encoded(state, "session's state", at));
          return Optional.empty();
        });
  }

  @Override
  public Instant now() {
    return inStep(
        "now",
        "clock",
        at ->
            recorded(at)
                .map(payload -> Instant.parse(payload.text()))
                .orElseGet(() -> {
                  Instant now = activation.now();
                  activation.append(new Entry.ClockRead(at, now));
                  return now;
                }));
  }

  @Override
  public RandomGenerator random() {
    return inStep(
        "random",
        "seed",
        at ->
            recorded(at)
                .map(payload -> new SplittableRandom(Long.parseLong(payload.text())))
                .orElseGet(() -> {
                  long seed = activation.parts().settings().randomness().seed();
                  activation.append(new Entry.SeedDrawn(at, seed));
                  return new SplittableRandom(seed);
                }));
  }

  @Override
  public RuntimeException truncate(String limit, String facts) {
    checkOwner();
    throw activation.stop(new Stop.Truncate(limit, facts));
  }

  @Override
  public boolean patched(String id) {
    checkOwner();
    checkNotStopped();
    return order.patched(id);
  }

  /** Makes this branch wait, unless nobody needs it to any more; to be thrown. */
  Suspension suspend(Wait wait) {
    activation.intents().parked(wait.path());
    if (!isLost() || Activation.isOfOpenEffect(wait)) {
      activation.addWait(wait);
      waiting = true;
    }
    return new Suspension();
  }

  /**
   * Makes this branch wait until then; in a race it holds its thread, as long as another branch
   * executes.
   */
  void await(Wait wait, Instant due) {
    boolean isHeld = lost.isPresent();
    while (isHeld && !isLost() && activation.stopped().isEmpty()) {
      var left = Duration.between(activation.now(), due);
      if (!left.isPositive()) {
        return;
      }
      isHeld = activation.standby().hold(left);
      if (isLost() && Activation.isOfOpenEffect(wait)) {
        return; // its step looks whether it still has to wait
      }
    }
    throw suspend(wait);
  }

  /** Whether another branch has won a race in which this scope stands. */
  boolean isLost() {
    return lost.filter(BooleanSupplier::getAsBoolean).isPresent();
  }

  /** Whether another branch has won a race in which this scope stands, if it stands in any. */
  Optional<BooleanSupplier> lost() {
    return lost;
  }

  /** Whether it waits is decided by what its branches have to bring to an end alone. */
  void waitsOnly(boolean isWaiting) {
    waiting = isWaiting;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** Takes over what a scope within this one came to. */
  void takeIn(Scope inner) {
    if (inner != this) {
      waiting |= inner.waiting;
      taken += inner.taken;
    }
  }

  /** How many steps it and the scopes within it took. */
  int taken() {
    return taken;
  }

  /** Counts that many steps within it no more. */
  void forget(int steps) {
    taken -= steps;
    activation.forgetSteps(steps);
  }

  private Optional<Payload> recorded(StepPath at) {
    return activation
        .history()
        .find(at)
        .map(StepHistory::state)
        .map(state -> state instanceof StepHistory.State.Done done ? done.result() : Payload.NULL);
  }

  private <T> T inStep(String kind, String name, Function<StepPath, T> body) {
    checkOwner();
    checkNotStopped();
    activation.countStep();
    taken++;
    int number = numbers.merge(kind + ":" + name, 1, Integer::sum) - 1;
    StepPath at = path.child(kind, name, number);
    if (isLost() && activation.history().find(at).isEmpty()) {
      throw new Suspension();
    }
    order.reach(at);
    busy = true;
    try {
      return body.apply(at);
    } finally {
      busy = false;
    }
  }

  private void checkOwner() {
    boolean mine = Thread.currentThread() == owner;
    if (mine && !busy && !ended) {
      return;
    }
    String reason =
        "Run %s: scope '%s' was used %s. Give each thread a branch by run.parallel, and call"
                .formatted(activation.run(), path, mine ? misuse() : "by " + other())
            + " steps only from workflow code, never from an effect's body.";
    activation.stop(new Stop.Quarantine(reason, Optional.empty()));
    throw new RunException.ScopeViolation(reason);
  }

  private String misuse() {
    return busy ? "inside one of its own steps" : "after it had ended";
  }

  private String other() {
    return "thread '%s', it belongs to '%s'"
        .formatted(Thread.currentThread().getName(), owner.getName());
  }

  private void checkNotStopped() {
    if (waiting || activation.stopped().isPresent()) {
      throw new Suspension();
    }
  }

  /** Stops the run, since a replay does not do what was recorded. */
  Suspension tookAnotherPath(StepPath expected, String got) {
    return order.changed(expected, got);
  }
}
