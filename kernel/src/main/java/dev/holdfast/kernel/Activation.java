package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One claim's execution of a run, as its scopes and steps see it. */
final class Activation {
  /** What an attempt may take at least, so that it fails as every other that takes too long. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Parts parts;
  private final RunLog log;
  private final History history;
  private final BooleanSupplier closing;
  private final Undos undos;
  private final Intents intents = new Intents();
  private final Signals signals;
  private final SessionState session;
  private final Urgency urgency;
  private final Children children = new Children(this);
  private final Standby standby = new Standby(this);
  private final List<Wait> waits = new ArrayList<>();
  private final Map<StepPath, StepHistory> leftUnknown = new ConcurrentHashMap<>();
  private final Map<StepPath, StepHistory> factHolders = new ConcurrentHashMap<>();
  private final AtomicInteger steps = new AtomicInteger();
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();

  Activation(Parts parts, RunLog log, History history, Undos undos, BooleanSupplier closing) {
    this.parts = parts;
    this.log = log;
    this.history = history;
    this.closing = closing;
    this.urgency = new Urgency(parts.settings().scheduler());
    this.undos = undos;
    this.signals = new Signals(history, this::append);
    this.session = new SessionState(this);
    history.steps().forEach(this::restore);
  }

  private void restore(StepHistory step) {
    intents.restore(step);
    holdsFact(step);
    noteUnknown(step);
    children.note(step);
  }

  Parts parts() {
    return parts;
  }

  Limits limits() {
    return parts.settings().limits();
  }

  RunId run() {
    return log.run();
  }

  History history() {
    return history;
  }

  Undos undos() {
    return undos;
  }

  Intents intents() {
    return intents;
  }

  Signals signals() {
    return signals;
  }

  SessionState session() {
    return session;
  }

  /** Makes the calling branch stand still where nothing may be done but replayed. */
  void checkLive() {
    log.checkLive();
  }

  /** Whether nothing may be done but replayed. */
  boolean isDry() {
    return log.isDry();
  }

  /** Whether such a letter lies in the mailbox, sent since the run was claimed. */
  boolean hasMail(Predicate<Message.Mail> letter) {
    checkLive();
    return reading(() -> parts.journal().mail(run())).stream().anyMatch(letter);
  }

  /** Asks the store, and again while it is away: its outage is no failure of the run. */
  <T> T reading(Supplier<T> read) {
    try {
      return new Patience(parts.settings().scheduler(), () -> stopped().isEmpty()).reading(read);
    } catch (StoreFailed gone) {
      throw stopped().isPresent() ? new Suspension() : lost();
    }
  }

  Instant now() {
    return parts.settings().clock().now();
  }

  /** What a step of a fork may do that nothing is recorded of. */
  Forked.Next forked(StepPath path, Entry.Call call) {
    return Forked.next(history, path, call);
  }

  void fault(Boundary boundary, StepPath path) {
    parts.settings().faultPoints().reached(boundary, log.run(), path);
  }

  <T> T calling(StepPath path, Callable<T> call) throws Exception {
    return parts.settings().faultPoints().calling(log.run(), path, call);
  }

  /** Queues an entry; waits only where too many are under way. */
  Recorded append(Entry entry) {
    return append(entry, Optional.empty());
  }

  /** Encodes what a step is asked with; one that cannot be kept must not look like a step. */
  Payload encoded(@Nullable Object value, String role, StepPath path) {
    try {
      return parts.encode(value);
    } catch (IllegalArgumentException unkept) {
      throw stop(
          new Stop.Quarantine(
              "The %s of %s cannot be kept: %s Then resume."
                  .formatted(role, path, Redaction.of(unkept)),
              Optional.empty()));
    }
  }

  /** Queues what a step came to, within its fault points. */
  void outcome(StepHistory step, Entry.OfStep entry) {
    fault(Boundary.BEFORE_OUTCOME, step.path());
    step.apply(append(entry));
    fault(Boundary.AFTER_OUTCOME, step.path());
  }

  private Recorded append(Entry entry, Optional<Fact> fact) {
    if (log.isCrowded()) {
      await(log.durable());
    }
    return log.append(entry, fact.stream().toList());
  }

  /**
   * Queues an entry of an effect, with the new row of the fact that it holds; what the effect came
   * to is evidence for others where this worker has lost the run.
   */
  Recorded append(StepHistory step, Entry.OfStep entry) {
    Optional<Fact> fact = Ledger.after(run(), history, step, entry);
    Optional<Verdict> learned = Evidence.of(step, entry);
    if (learned.isEmpty()) {
      return append(entry, fact);
    }
    Evidence evidence = evidence(step);
    return log.append(
        entry,
        fact.stream().toList(),
        () ->
            evidence.leave(
                learned.get(), "its call came back after another worker had taken the run over"));
  }

  Evidence evidence(StepHistory step) {
    return new Evidence(parts, run(), log.epoch(), step.path(), step.intent());
  }

  /** Whether another claim than this began what may be out of that step. */
  boolean isTakenOver(StepHistory step) {
    return step.state() instanceof StepHistory.State.Attempting open && open.epoch() < log.epoch();
  }

  /** Whether the worker that lost the run has said since what became of that step. */
  boolean hasEvidence(StepPath path) {
    return hasMail(letter ->
        letter.message() instanceof Message.Evidence evidence && evidence.path().equals(path));
  }

  /** Returns once this process may begin something outside. */
  void lease() {
    checkLive();
    CompletableFuture<Void> lease = parts.journal().lease(run(), log.epoch());
    if (!lease.isDone() || lease.isCompletedExceptionally()) {
      await(lease);
    }
  }

  /** Writes what the ledger's row of that fact leads to; durable on return. */
  Recorded reserve(String fact, Function<Optional<Fact>, Reservation.Decision> decide) {
    return await(log.reserve(fact, decide));
  }

  /** Returns once everything this run journaled is durable: nothing leaves before. */
  void barrier(StepPath path) {
    CompletableFuture<Void> durable = log.durable();
    if (durable.isDone() && !durable.isCompletedExceptionally()) {
      return;
    }
    fault(Boundary.BEFORE_COMMIT, path);
    await(durable);
    fault(Boundary.AFTER_COMMIT, path);
  }

  /**
   * The only place at which a branch waits. An interrupt that user code left behind is kept for it;
   * only one that ends the engine, or a store that refuses, unwinds the run.
   */
  <T> T await(CompletableFuture<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return parts.settings().scheduler().await(future);
        } catch (CompletionException e) {
          boolean byUser =
              e.getCause() instanceof InterruptedException && !parts.crew().isDismissed();
          if (!byUser) {
            throw lost();
          }
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Suspension lost() {
    stop.set(new Stop.Lost());
    return new Suspension();
  }

  /** Holds the thread until then where that is near; otherwise the branch waits. */
  void delay(Scope scope, Wait wait, Instant due) {
    Duration left = Duration.between(now(), due);
    if (left.compareTo(limits().retryInPlaceMax()) > 0) {
      scope.await(wait, due);
    } else if (left.isPositive()) {
      pause(left);
    }
  }

  /**
   * Holds the thread for that long; less where user code left an interrupt behind, or the run is to
   * end.
   */
  void pause(Duration duration) {
    checkLive();
    try {
      urgency.pausing(() -> parts.settings().clock().sleep(duration));
    } catch (InterruptedException e) {
      if (parts.crew().isDismissed()) {
        throw lost();
      }
    }
  }

  /** Whether that step waits in this activation, so that nobody will release what it holds. */
  boolean isParked(StepPath path) {
    return waits().stream().anyMatch(wait -> wait.path().equals(path));
  }

  void addWait(Wait wait) {
    synchronized (waits) {
      waits.add(wait);
    }
  }

  /** Forgets what the branches within that scope wait for, unless an effect is to be ended. */
  List<Wait> dropWaits(StepPath scope) {
    synchronized (waits) {
      List<Wait> dropped =
          waits.stream()
              .filter(wait -> wait.path().isWithin(scope) && !isOfOpenEffect(wait))
              .toList();
      waits.removeAll(dropped);
      return dropped;
    }
  }

  /** Whether an effect that may have happened waits for its outcome. */
  static boolean isOfOpenEffect(Wait wait) {
    return switch (wait) {
      case Wait.Retry retry -> true;
      case Wait.Probe probe -> true;
      case Wait.Doubt doubt -> true;
      case Wait.HeldIntent held -> false;
      case Wait.HeldFact held -> false;
      case Wait.Timer timer -> false;
      case Wait.Signal signal -> false;
      case Wait.Child child -> false;
      case Wait.QueueRoom room -> false;
      case Wait.Approval approval -> false;
    };
  }

  List<Wait> waits() {
    synchronized (waits) {
      return List.copyOf(waits);
    }
  }

  /** Stops every branch at its next call; the first reason counts. */
  Suspension stop(Stop reason) {
    stop.compareAndSet(null, reason);
    standby.poke();
    return new Suspension();
  }

  /**
   * The run is to end, and the next claim will say how: no branch goes on, and what is under way is
   * cut short.
   */
  void hurry() {
    stop.compareAndSet(null, new Stop.Yield());
    urgency.raise(limits().stopGrace());
    standby.poke();
  }

  Children children() {
    return children;
  }

  Standby standby() {
    return standby;
  }

  Urgency urgency() {
    return urgency;
  }

  /** That timeout, or what the run has left where that is less. */
  Duration within(Duration timeout) {
    Duration left =
        history.deadline().map(deadline -> Duration.between(now(), deadline)).orElse(timeout);
    if (left.compareTo(timeout) >= 0) {
      return timeout;
    }
    return left.compareTo(SHORTEST) > 0 ? left : SHORTEST;
  }

  /** Why every branch must unwind, if it must. */
  Optional<Stop> stopped() {
    if (closing.getAsBoolean() || history.isOverdue(parts.settings().clock())) {
      stop.compareAndSet(null, new Stop.Yield());
    }
    return Optional.ofNullable(stop.get());
  }

  /** Unwinds the calling branch where every branch must. */
  void checkNotStopped() {
    if (stopped().isPresent()) {
      throw new Suspension();
    }
  }

  /** Whether a step within that scope is under way, waits or is in doubt. */
  boolean isOpen(StepPath scope) {
    return log.seals().isOpen(scope);
  }

  /** Counts a step that is about to begin against the run's limit. */
  void countStep() {
    int most = limits().stepsMax();
    if (steps.incrementAndGet() > most) {
      throw stop(
          new Stop.Truncate(
              "stepsMax", "The run reached %,d steps, the most allowed.".formatted(most)));
    }
  }

  /** Takes steps back that count no more. */
  void forgetSteps(int count) {
    steps.addAndGet(-count);
  }

  /** Notes a step that has a fact of the ledger, so that it lets go of it when the run ends. */
  void holdsFact(StepHistory step) {
    if (step.intent().filter(intent -> intent.scope() == Intent.Scope.GLOBAL).isPresent()) {
      factHolders.put(step.path(), step);
    }
  }

  /** The ledger's rows as they are once the run has ended. */
  List<Fact> factsAtEnd() {
    return Ledger.atEnd(run(), factHolders.values());
  }

  void noteUnknown(StepHistory step) {
    if (step.state() instanceof StepHistory.State.LeftUnknown) {
      leftUnknown.put(step.path(), step);
    }
  }

  /** Steps that the run went on without knowing. */
  List<StepHistory> leftUnknown() {
    return List.copyOf(leftUnknown.values());
  }
}
