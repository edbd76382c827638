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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A part of a run with its own step numbers, owned by one thread. */
final class Scope implements Run {
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();
  private final Activation activation;
  private final StepPath path;
  private final Thread owner;
  private final Order order;
  private final Map<String, Integer> numbers = new HashMap<>();
  private boolean busy;
  private boolean ended;
  private volatile boolean waiting;

  /** Made on the thread that will use it. */
  Scope(Activation activation, StepPath path) {
    this.activation = activation;
    this.path = path;
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
  public <T> T scope(String name, Function<Run, T> body) {
    return inStep(
        "scope",
        name,
        at -> {
          if (recorded(at).isEmpty()) {
            activation.append(new Entry.ScopeOpened(at, List.of()));
          }
          var inner = new Scope(activation, at);
          return inner.finish(() -> body.apply(inner), this);
        });
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
    outer.waiting |= waiting;
    checkNotStopped();
    order.end(thrown);
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

  /** Makes this branch wait; to be thrown. */
  Suspension suspend(Wait wait) {
    activation.addWait(wait);
    activation.intents().parked(wait.path());
    waiting = true;
    return new Suspension();
  }

  boolean isWaiting() {
    return waiting;
  }

  void waitFor(Scope inner) {
    waiting |= inner.waiting;
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
    int number = numbers.merge(kind + ":" + name, 1, Integer::sum) - 1;
    StepPath at = path.child(kind, name, number);
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
