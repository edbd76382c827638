package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Executes the runs of one journal; safe for many threads.
 *
 * <p>It claims the runs of registered workflows as they become ready, also those that a process
 * which is gone has left behind.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.kernel");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CRASH_PATIENCE = Duration.ofSeconds(10);
  private final Parts parts;
  private final Client client;
  private final Map<WorkflowKey, Workflow<?, ?>> workflows = new ConcurrentHashMap<>();

  /** Taken at the registration, so that no claim meets what a workflow says of itself later. */
  private final Map<WorkflowKey, Map<String, String>> manifests = new ConcurrentHashMap<>();

  private final Places places;
  private final Patience patience;
  private final Dispatcher dispatcher;
  private final Attached attached;
  private final Map<RunId, Activation> executing = new ConcurrentHashMap<>();
  private final LongAdder claims = new LongAdder();
  private final LongAdder ends = new LongAdder();
  private volatile boolean closing;

  private Engine(Journal journal, Codec codec, Settings settings) {
    var watch = new Watch(settings.scheduler());
    this.parts =
        new Parts(journal, codec, settings, new Crew(settings.scheduler()), watch, this::lookAgain);
    this.places = new Places(settings.limits().runsMax());
    this.patience = new Patience(settings.scheduler(), () -> !closing);
    this.dispatcher =
        new Dispatcher(parts, workflows.keySet(), places, this::claimed, this::mailed);
    this.client = new Client(journal, codec, settings, watch, dispatcher::lookAgain);
    this.attached = new Attached(parts, client, this::executeHere);
  }

  /** An engine over that journal, which it closes when it is closed. */
  public static Engine over(Journal journal, Codec codec, Settings settings) {
    var engine = new Engine(journal, codec, settings);
    engine.dispatcher.start();
    return engine;
  }

  /** Makes this process able to execute runs of these workflows, and begins to. */
  public void register(Workflow<?, ?>... added) {
    for (Workflow<?, ?> workflow : added) {
      if (workflow.name().equals(Attached.WORKFLOW)) {
        throw new IllegalArgumentException(
            "The name '%s' is kept for runs without a workflow. Choose another."
                .formatted(Attached.WORKFLOW));
      }
      WorkflowKey key = keyOf(workflow);
      manifests.putIfAbsent(key, Manifest.of(workflow));
      Undos unused = Undos.of(workflow); // checks them before a run depends on them
      Workflow<?, ?> present = workflows.putIfAbsent(key, workflow);
      if (present != null && !present.equals(workflow)) {
        throw new IllegalArgumentException(
            "Workflow %s is registered already. Give the other one its own name or version."
                .formatted(key));
      }
    }
    dispatcher.lookAgain();
  }

  /**
   * Makes these queues known to every process of the store, or changes their bounds; durable on
   * return.
   *
   * @throws IllegalStateException beyond {@link Queue#COUNT_MAX} queues
   */
  public void register(Queue... queues) {
    for (Queue queue : queues) {
      Client.await(parts.journal().register(queue));
    }
    dispatcher.lookAgain();
  }

  /**
   * Starts a run, or attaches to the one that has the id; the start is durable on return.
   *
   * @throws IllegalArgumentException for an id out of bounds or an input that cannot be encoded
   * @throws RunException.NotRegistered when the workflow is not registered here
   * @throws RunException.RunConflict when the id belongs to another workflow or input
   */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input) {
    return start(workflow, id, input, Admission.AT_ONCE);
  }

  /**
   * Starts a run that is let in like that, or attaches to the one that has the id or the
   * deduplication id; see {@link #start(Workflow, String, Object)} and {@link
   * Client#start(Workflow, String, Object, Admission)}.
   */
  public <I, O> Handle<O> start(Workflow<I, O> workflow, String id, I input, Admission admission) {
    NewRun run = admission.admit(client.newRun(workflow, id, input));
    checkOpen(id);
    if (!workflow.equals(workflows.get(run.workflow()))) {
      throw new RunException.NotRegistered(
          "Run %s was not started: workflow %s is not registered here, so nobody could recover it."
                  .formatted(id, run.workflow())
              + " Call register(workflow) first.");
    }
    if (run.isAtOnce() && places.tryTake()) {
      return startHere(run, workflow);
    }
    return client.handle(client.accepted(run, startQueued(run)), workflow.outputType());
  }

  /**
   * Calls code whose steps are journaled, on the caller's thread: {@link Run#current} is its run.
   *
   * <p>Nobody else can execute it: after a crash the run goes on when its caller calls again with
   * the same id, and a completed one returns its result. Waits are waited out as far as {@code
   * atMost} allows. A call of a quarantined run tries again.
   *
   * @param atMost how long the call may wait for timers, signals and people
   * @throws RunException.RunNotEnded when it needs somebody, or the time is up; call again
   * @throws RunException.RunEnded when it ended in another way than completed
   * @throws RunException.RunBusy when another thread is inside a call of the same run
   */
  public <O> O attached(String id, Class<O> type, Duration atMost, Callable<O> body) {
    checkOpen(id);
    return attached.call(
        Workflow.of(Attached.WORKFLOW, String.class, type).body((run, none) -> body.call()),
        id,
        atMost);
  }

  private void executeHere(Workflow<?, ?> workflow, Claim claim) {
    checkOpen(claim.run().text());
    Places.Turn entered = places.enter();
    try {
      if (patience.await(entered.come())) {
        parts.crew().member(() -> execute(workflow, claim, Optional.empty())).run();
      }
    } finally {
      places.leave(entered);
    }
  }

  private void checkOpen(String id) {
    if (closing) {
      throw new IllegalStateException(
          "Run %s was not started: this Holdfast is closed. Open the store again.".formatted(id));
    }
  }

  /** Runs that got mail while they are executed: an order to end must not wait until they park. */
  private void mailed(List<RunId> runs) {
    for (RunId run : runs) {
      Activation activation = executing.get(run);
      if (activation != null
          && parts.journal().mail(run).stream().anyMatch(letter -> letter.message().endsTheRun())) {
        activation.hurry();
      }
    }
  }

  private <O> Handle<O> startHere(NewRun run, Workflow<?, O> workflow) {
    Optional<Claim> claim = Optional.empty();
    try {
      Start start = Client.await(parts.journal().startClaimed(run));
      claim = start instanceof Start.Fresh fresh ? fresh.claim() : Optional.empty();
      if (claim.isPresent()) {
        var execution = parts.watch().next(run.id());
        launch(workflow, claim.get(), History.begun(run, claim.get()));
        return client.handle(run.id(), workflow.outputType(), execution);
      }
      client.accepted(run, start);
      return client.handle(run.id(), workflow.outputType());
    } finally {
      if (claim.isEmpty()) {
        places.giveBack(1);
      }
    }
  }

  private Start startQueued(NewRun run) {
    Start start = Client.await(parts.journal().start(run));
    dispatcher.lookAgain();
    return start;
  }

  /** Attaches to a run without an input; see {@link Client#find}. */
  public <O> Handle<O> find(String id, Class<O> resultType) {
    return client.find(id, resultType);
  }

  /**
   * What this engine is about.
   *
   * @param isClaiming false once it was closed, or its store is lost to it for good
   * @param executing how many runs it executes at the moment
   * @param claimed how many claims it has had; a run that waits is claimed again when it goes on
   * @param ended how many runs ended for good here
   * @param paused why the store writes nothing for now, such as a full disk, if so: its runs wait
   *     and go on by themselves
   */
  public record Activity(
      boolean isClaiming, int executing, long claimed, long ended, Optional<String> paused) {}

  /** What this engine is about at the moment. */
  public Activity activity() {
    return new Activity(
        dispatcher.isAlive(),
        executing.size(),
        claims.sum(),
        ends.sum(),
        parts.journal().trouble());
  }

  /**
   * Plays a recorded run again, on the calling thread, as far as its record goes: nothing is
   * journaled and no effect is called. What the code does outside of steps happens again.
   *
   * @param history the run's entries, from the first on
   * @return what keeps the registered code from going on with the run; empty where nothing does
   * @throws RunException.NotRegistered when the run's workflow is not registered here
   * @throws IllegalArgumentException for a history that does not begin with the run's start
   */
  public Optional<String> replay(String run, List<Recorded> history) {
    return Rehearsal.of(parts, workflows, new RunId(run), history).mismatch();
  }

  /** The workflows that are registered here. */
  public Set<WorkflowKey> registered() {
    return Set.copyOf(workflows.keySet());
  }

  /** What a process may do that executes nothing; closing it closes this engine's journal. */
  public Client client() {
    return client;
  }

  private void claimed(Claim claim) {
    Workflow<?, ?> workflow = workflows.get(claim.workflow());
    if (workflow == null) {
      throw new IllegalStateException(
          "The store claimed run %s for workflow %s, which nobody asked for."
              .formatted(claim.run(), claim.workflow()));
    }
    launch(workflow, claim, Optional.empty());
  }

  private void launch(Workflow<?, ?> workflow, Claim claim, Optional<History> known) {
    claims.increment();
    var ended = new AtomicReference<Optional<Entry>>(Optional.empty());
    Runnable work = parts.crew().member(() -> ended.set(execute(workflow, claim, known)));
    parts
        .settings()
        .scheduler()
        .start(
            "run-" + claim.run(),
            () -> {
              try {
                work.run();
              } finally {
                places.giveBack(1);
                concluded(claim.run(), ended.get());
                if (known.isEmpty()) {
                  dispatcher.wake(); // another of its queue or session may have its turn now
                }
              }
            });
  }

  private Optional<Entry> execute(Workflow<?, ?> workflow, Claim claim, Optional<History> known) {
    var log = new RunLog(parts.journal(), claim, parts.settings().clock());
    try {
      return execute(workflow, claim, log, known);
    } catch (StoreFailed.Damaged damaged) {
      String what = "Run {0} is executed no more by this process: {1}";
      LOG.log(Level.ERROR, what, claim.run(), damaged.getMessage());
      return Optional.empty();
    } catch (StoreFailed | Fenced lost) {
      LOG.log(Level.INFO, "Run {0} is not ours any more: {1}", claim.run(), lost.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Entry> execute(
      Workflow<?, ?> workflow, Claim claim, RunLog log, Optional<History> known) {
    if (claim.deaths() == 0) {
      return perform(workflow, log, () -> known.orElseGet(() -> recovered(log, true)));
    }
    Optional<Recorded> last = last(claim.run());
    return switch (Poison.of(claim, parts.settings().limits().poisonAfter(), last)) {
      case NO -> perform(workflow, log, () -> recovered(log, true));
      case SUSPECTED -> performAlone(workflow, claim, log);
      case PROVEN -> {
        setAside(log, Poison.reason(claim, last));
        yield Optional.empty();
      }
    };
  }

  private Optional<Recorded> last(RunId run) {
    try {
      return patience.reading(() -> parts.journal().last(run));
    } catch (StoreFailed lost) {
      throw lost;
    } catch (RuntimeException unreadable) {
      return Optional.empty(); // who loads the whole history says what is wrong with it
    }
  }

  /** That it begins is durable first, so that nobody blames a run that only waited its turn. */
  private Optional<Entry> performAlone(Workflow<?, ?> workflow, Claim claim, RunLog log) {
    LOG.log(
        Level.WARNING,
        "{0} workers died executing run {1}: it is executed alone, as soon as the others here end.",
        claim.deaths(),
        claim.run());
    Places.Turn alone = places.alone();
    try {
      if (!patience.await(alone.come())) {
        return Optional.empty();
      }
      log.append(new Entry.RunClaimed(parts.settings().worker()));
      Client.await(log.durable());
      return perform(workflow, log, () -> recovered(log, false));
    } finally {
      places.alone(alone);
    }
  }

  private Optional<Entry> perform(Workflow<?, ?> workflow, RunLog log, Supplier<History> known) {
    History history;
    try {
      history = known.get();
    } catch (StoreFailed.Damaged damaged) {
      setAside(log, "The history cannot be read: %s".formatted(damaged.getMessage()));
      return Optional.empty();
    } catch (StoreFailed | Fenced lost) {
      throw lost;
    } catch (RuntimeException unreadable) {
      setAside(
          log,
          "The history cannot be read: %s. Read it with the version that wrote it, then resume."
              .formatted(Redaction.of(unreadable)));
      return Optional.empty();
    }
    var activation = new Activation(parts, log, history, Undos.of(workflow), () -> closing);
    history
        .cancel()
        .filter(cancel -> history.rollback().isEmpty())
        .ifPresent(cancel -> activation.stop(new Stop.Cancel(cancel.who(), cancel.why())));
    history
        .quarantine()
        .ifPresent(halt -> activation.stop(new Stop.Quarantine(halt.reason(), halt.path())));
    if (history.isOverdue(parts.settings().clock())) {
      activation.stop(overdue(history));
    }
    if (activation.stopped().isEmpty()) {
      Manifest.change(history.manifest(), manifest(workflow)).ifPresent(log::append);
    }
    executing.put(log.run(), activation);
    var alarm = new Alarm(activation);
    try {
      return new Execution<>(workflow, activation, log).perform();
    } finally {
      alarm.off();
      executing.remove(log.run(), activation);
    }
  }

  private void lookAgain() {
    dispatcher.lookAgain();
  }

  private static Stop overdue(History history) {
    String facts = "The run had until %s.".formatted(history.deadline().orElseThrow());
    return new Stop.Truncate(History.DEADLINE, facts, Ledger.unsettled(history));
  }

  private Map<String, String> manifest(Workflow<?, ?> workflow) {
    return manifests.getOrDefault(keyOf(workflow), Map.of());
  }

  private static WorkflowKey keyOf(Workflow<?, ?> workflow) {
    return new WorkflowKey(workflow.name(), workflow.version());
  }

  /** What cannot be executed must neither run nor be claimed for ever. */
  private static void setAside(RunLog log, String reason) {
    LOG.log(Level.ERROR, "Run {0} is quarantined: {1}", log.run(), reason);
    log.release(
        new Entry.RunQuarantined(reason, Optional.empty()),
        List.of(),
        new Release(Status.QUARANTINED, Optional.empty()));
    Client.await(log.durable());
  }

  private History recovered(RunLog log, boolean isNew) {
    List<Message.Mail> mail = patience.reading(() -> parts.journal().mail(log.run()));
    History history = patience.reading(() -> Preparation.load(parts.journal(), log, mail));
    if (isNew) {
      history.apply(log.append(new Entry.RunClaimed(parts.settings().worker())));
    }
    Preparation.receive(history, log, mail);
    return history;
  }

  private void concluded(RunId run, Optional<Entry> ended) {
    ended.ifPresent(entry -> ends.increment());
    parts.watch().changed(run, ended);
    dispatcher.slotFreed();
  }

  /**
   * Ends as an abrupt end of the process would: what is not durable yet is lost, this engine's
   * claims are fenced, the store's lock is free and its threads were interrupted. What they still
   * do outside is a late landing. For tests; not to be called by a run's own thread.
   *
   * @throws IllegalStateException when threads do not end within 10 seconds
   */
  public void crash() {
    closing = true;
    dispatcher.halt();
    parts.journal().abandon();
    dispatcher.stop();
    if (!parts.crew().dismiss(CRASH_PATIENCE)) {
      throw new IllegalStateException(
          "Threads of the crashed engine did not end within %s of their interrupt."
              .formatted(CRASH_PATIENCE));
    }
  }

  /**
   * Ends in good order: no run is claimed any more, each gives up its claim after the step it is in
   * (at most 30 seconds), then the journal is closed. What was not finished goes on at the next
   * start.
   */
  @Override
  public void close() {
    close(PATIENCE);
  }

  /**
   * Ends in good order; see {@link #close()}.
   *
   * @param stepsAtMost how long steps under way may take; whoever is not done by then is
   *     interrupted, and its step is recovered as after a crash
   * @return whether no step had to be interrupted; true where it was closed before
   */
  public boolean close(Duration stepsAtMost) {
    if (closing) {
      return true;
    }
    closing = true;
    dispatcher.stop();
    places.close();
    boolean inTime = parts.crew().awaitEmpty(stepsAtMost);
    if (!inTime) {
      parts.crew().dismiss(CRASH_PATIENCE);
    }
    parts.journal().close();
    return inTime;
  }
}
