package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A journal that lives as long as its {@link Storage}: nothing survives the process.
 *
 * <p>Opening a second journal over the same storage takes it over, as another process would after a
 * crash: the earlier one is fenced and its runs can be claimed. What it still learns it may send.
 * Only an abandoned one counts as dead for its runs. Safe for many threads.
 */
public final class InMemoryJournal implements Journal {
  /** What survives a journal that was closed or abandoned. */
  public static final class Storage {
    private final ReentrantLock lock = new ReentrantLock();
    final Map<RunId, MemoryRun> runs = new LinkedHashMap<>();
    final MemoryLedger ledger = new MemoryLedger();
    final MemoryWorkers workers = new MemoryWorkers();
    private final MemoryQueues queues = new MemoryQueues();
    final MemorySessions sessions = new MemorySessions();
    private final Set<MemoryRun> executing = new LinkedHashSet<>();
    private final TreeSet<MemoryRun> claimable =
        new TreeSet<>(
            Comparator.comparing(MemoryRun::claimableFrom).thenComparingLong(run -> run.number));
    private long mailNumber;

    private <T> T locked(Supplier<T> work) {
      lock.lock();
      try {
        return work.get();
      } finally {
        lock.unlock();
      }
    }

    private Claim claim(MemoryRun run, long claimer, Instant now) {
      boolean isOwnerDead = run.status == Status.EXECUTING && workers.isDead(run.owner);
      return change(run, () -> run.claim(claimer, now, isOwnerDead));
    }

    private long open() {
      long opened = workers.alone();
      runs.values().forEach(this::index);
      return opened;
    }

    /** Lets others have the runs of those whose lease is over. */
    private void lapse() {
      if (workers.lapse()) {
        runs.values().forEach(this::index);
      }
    }

    private void put(Fact fact, Instant at) {
      for (MemoryRun woken : ledger.put(fact)) {
        change(woken, () -> woken.ready(at));
      }
    }

    private void change(MemoryRun run, Runnable work) {
      change(
          run,
          () -> {
            work.run();
            return run;
          });
    }

    private <T> T change(MemoryRun run, Supplier<T> work) {
      claimable.remove(run);
      try {
        return work.get();
      } finally {
        index(run);
      }
    }

    /** Makes a run ready that nobody executes, or lets it wait for its turn in its session. */
    private void wake(MemoryRun run, Instant at) {
      boolean isItsTurn = run.start.session().isEmpty() || sessions.enter(run);
      change(
          run,
          () -> {
            if (isItsTurn) {
              run.ready(at);
            } else {
              run.awaitTurn(at);
            }
          });
    }

    private void released(MemoryRun run, Release release, Instant at) {
      if (release.status().isEnded() && run.start.session().isPresent()) {
        sessions.end(run, release).ifPresent(next -> change(next, () -> next.haveTurn(at)));
      }
    }

    private void index(MemoryRun run) {
      queues.index(run);
      if (run.status == Status.EXECUTING) {
        executing.add(run);
      } else {
        executing.remove(run);
      }
      if (run.isClaimable(workers)) {
        claimable.add(run);
      }
    }
  }

  private final Storage storage;
  private final InstantSource clock;
  private final Commits commits;
  private final Optional<MemoryLease> lease;
  private long opened;
  private volatile String stopped = "";

  /** Opens an empty storage by the system's clock; commits take no time. */
  public InMemoryJournal() {
    this(new Storage());
  }

  /** Opens that storage by the system's clock; commits take no time. */
  public InMemoryJournal(Storage storage) {
    this(storage, InstantSource.system(), Duration.ZERO);
  }

  /**
   * Opens that storage and fences whoever had it open.
   *
   * @param clock what mail is dated by
   * @param commitDelay how long each group commit takes; 0 to 1 minute
   */
  public InMemoryJournal(Storage storage, InstantSource clock, Duration commitDelay) {
    this(storage, clock, new CommitQueue(commitDelay), Optional.empty());
  }

  /** Opens that storage; beside others where it has a lease. */
  InMemoryJournal(
      Storage storage, InstantSource clock, Commits commits, Optional<MemoryLease> lease) {
    this.storage = storage;
    this.clock = clock;
    this.commits = commits;
    this.lease = lease;
    this.opened = storage.locked(() -> lease.map(storage.workers::beside).orElseGet(storage::open));
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    return commit(() -> accept(run, accepted -> Optional.empty()));
  }

  @Override
  public CompletableFuture<Start> startClaimed(NewRun run) {
    return commit(() -> {
      run.requireAtOnce();
      return accept(run, accepted -> Optional.of(storage.claim(accepted, opened, run.at())));
    });
  }

  @Override
  public CompletableFuture<List<Claim>> claim(
      Set<WorkflowKey> workflows, Instant now, int countMax) {
    var wanted = Set.copyOf(workflows);
    return commit(() -> {
      List<MemoryRun> ready =
          storage.claimable.stream()
              .takeWhile(run -> !run.claimableFrom().isAfter(now))
              .filter(run -> wanted.contains(run.start.workflow()))
              .toList();
      // One after the other: each takes a place of its queue.
      return ready.stream()
          .filter(run -> storage.queues.hasRoom(run, opened, storage.workers))
          .map(run -> storage.claim(run, opened, now))
          .limit(countMax)
          .toList();
    });
  }

  @Override
  public CompletableFuture<Void> append(Append append) {
    return commit(() -> {
      MemoryRun run = owned(append.run(), append.epoch(), append.firstSequence());
      append.facts().forEach(fact -> storage.ledger.requireHeldBy(append.run(), fact));
      append.facts().forEach(fact -> storage.put(fact, append.at()));
      storage.change(run, () -> run.append(append, storage.ledger));
      append.release().ifPresent(release -> storage.released(run, release, append.at()));
      append.release().flatMap(Release::letter).ifPresent(letter -> tell(letter, append.at()));
      return null;
    });
  }

  @Override
  public CompletableFuture<Entry> reserve(Reservation asked) {
    return commit(() -> {
      MemoryRun run = owned(asked.run(), asked.epoch(), asked.sequence());
      Reservation.Decision decision = asked.decide().apply(storage.ledger.find(asked.fact()));
      decision.fact().ifPresent(fact -> storage.put(fact, asked.at()));
      run.record(decision.entry(), asked.at());
      return decision.entry();
    });
  }

  @Override
  public CompletableFuture<Optional<Claim>> claim(RunId id, Instant now) {
    return commit(() ->
        Optional.ofNullable(storage.runs.get(id))
            .filter(run -> run.isClaimable(storage.workers) && !run.claimableFrom().isAfter(now))
            .filter(run -> storage.queues.hasRoom(run, opened, storage.workers))
            .map(run -> storage.claim(run, opened, now)));
  }

  @Override
  public CompletableFuture<Void> lease(RunId run, long epoch) {
    return storage.locked(() -> isHeld(run, epoch))
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new Fenced("The lease of this worker is over."));
  }

  @Override
  public Duration leaseTtl() {
    return lease.map(MemoryLease::ttl).orElse(Duration.ZERO);
  }

  @Override
  public List<RunId> executingWithMail() {
    return read(() ->
        storage.executing.stream()
            .filter(run -> run.owner == opened && !run.mail.isEmpty())
            .map(run -> run.start.id())
            .toList());
  }

  @Override
  public CompletableFuture<Void> settle(Fact settled) {
    return commitUnfenced(() -> {
      RunId holder = storage.ledger.requireDoubtful(settled).run();
      MemoryRun run = storage.runs.get(holder);
      if (run != null && (!run.status.isEnded() || run.status == Status.TRUNCATED)) {
        throw new IllegalStateException(
            "The fact '%s' belongs to run %s, which has not ended (%s). Settle that run's doubt."
                .formatted(settled.name(), holder, run.status));
      }
      storage.put(settled, clock.instant());
      return null;
    });
  }

  @Override
  public CompletableFuture<Void> send(RunId id, Message message) {
    return commitUnfenced(() -> {
      deliver(receiver(id, message), message, clock.instant());
      return null;
    });
  }

  @Override
  public Instant nextReady() {
    return read(() -> {
      storage.lapse();
      return storage.claimable.stream()
          .filter(run -> storage.queues.hasRoom(run, opened, storage.workers))
          .map(MemoryRun::claimableFrom)
          .findFirst()
          .orElse(Instant.MAX);
    });
  }

  @Override
  public Optional<RunState> find(RunId run) {
    return read(() -> Optional.ofNullable(storage.runs.get(run)).map(MemoryRun::state));
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
    return read(() -> {
      MemoryRun found = storage.runs.get(run);
      return found == null ? List.of() : found.page(fromSequence, countMax);
    });
  }

  @Override
  public Optional<Recorded> last(RunId run) {
    return read(
        () -> Optional.ofNullable(storage.runs.get(run)).map(found -> found.entries.getLast()));
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) {
    return read(() ->
        storage.runs.values().stream()
            .filter(run -> statuses.isEmpty() || statuses.contains(run.status))
            .sorted(
                Comparator.comparing((MemoryRun run) -> run.changedAt)
                    .thenComparingLong(run -> run.number)
                    .reversed())
            .skip(offset)
            .limit(countMax)
            .map(MemoryRun::state)
            .toList());
  }

  @Override
  public Optional<Fact> fact(String name) {
    return read(() -> storage.ledger.find(name));
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) {
    return read(() -> storage.ledger.in(state, countMax));
  }

  @Override
  public List<Message.Mail> mail(RunId run) {
    return read(() -> {
      MemoryRun found = storage.runs.get(run);
      return found == null ? List.of() : List.copyOf(found.mail);
    });
  }

  @Override
  public CompletableFuture<Void> register(Queue queue) {
    return commit(() -> {
      storage.queues.register(queue);
      return null;
    });
  }

  @Override
  public Optional<Queue.Load> load(String queue) {
    return read(() -> storage.queues.load(queue));
  }

  @Override
  public Optional<Payload> sessionState(String session) {
    return read(() -> storage.sessions.state(session));
  }

  @Override
  public int behind(RunId run) {
    return read(
        () -> Optional.ofNullable(storage.runs.get(run)).map(storage.sessions::behind).orElse(0));
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public void abandon() {
    stopped = "was abandoned";
    storage.locked(() -> {
      storage.workers.died(opened);
      lease.ifPresent(MemoryLease::end);
      return opened;
    });
    commits.abandon();
  }

  @Override
  public void close() {
    commits.close();
    if (stopped.isEmpty()) {
      stopped = "is closed";
    }
  }

  private Start accept(NewRun run, Function<MemoryRun, Optional<Claim>> claiming) {
    MemoryRun existing = storage.runs.get(run.id());
    if (existing != null) {
      return new Start.Existing(existing.state());
    }
    Optional<Start> refusal = storage.queues.refusal(run);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return accepted(run, claiming);
  }

  private Start accepted(NewRun run, Function<MemoryRun, Optional<Claim>> claiming) {
    var accepted = new MemoryRun(run, storage.runs.size());
    storage.runs.put(run.id(), accepted);
    storage.queues.accepted(accepted);
    if (run.session().isPresent() && !storage.sessions.enter(accepted)) {
      accepted.awaitTurn(run.at());
    }
    return new Start.Fresh(storage.change(accepted, () -> claiming.apply(accepted)));
  }

  /** Who has ended for good is told nothing any more. */
  private void tell(Release.Letter letter, Instant at) {
    MemoryRun run = storage.runs.get(letter.to());
    if (run != null && (!run.status.isEnded() || run.status == Status.TRUNCATED)) {
      deliver(run, letter.message(), at);
    }
  }

  private void deliver(MemoryRun run, Message message, Instant at) {
    run.mail.add(new Message.Mail(++storage.mailNumber, at, message));
    if (run.isWokenBy(message, at)) {
      storage.wake(run, at);
    }
  }

  private MemoryRun receiver(RunId id, Message message) {
    MemoryRun run = storage.runs.get(id);
    if (run == null) {
      throw new IllegalStateException(
          "No run %s is in %s. Check the id.".formatted(id, location()));
    }
    if (run.status.isEnded() && !message.reopens(run.status)) {
      throw new IllegalStateException(
          "Run %s has ended (%s): it takes no message of this kind.".formatted(id, run.status));
    }
    return run;
  }

  private boolean isHeld(RunId id, long epoch) {
    MemoryRun run = storage.runs.get(id);
    return run != null && run.owner == opened && run.epoch == epoch;
  }

  private MemoryRun owned(RunId id, long epoch, long sequence) {
    MemoryRun run = storage.runs.get(id);
    if (run == null || !isHeld(id, epoch)) {
      throw new Fenced(
          "Run %s is not held under claim %d any more. Stop executing it.".formatted(id, epoch));
    }
    if (run.entries.size() != sequence) {
      throw new IllegalStateException(
          "Run %s: the next sequence is %d, the append begins at %d. Append without gaps."
              .formatted(id, run.entries.size(), sequence));
    }
    return run;
  }

  private <T> CompletableFuture<T> commit(Supplier<T> work) {
    return commitUnfenced(() -> {
      storage.lapse();
      opened = storage.workers.admitted(opened, lease);
      return work.get();
    });
  }

  private <T> CompletableFuture<T> commitUnfenced(Supplier<T> work) {
    return stopped.isEmpty()
        ? commits.submit(() -> storage.locked(work))
        : CompletableFuture.failedFuture(stopped());
  }

  private <T> T read(Supplier<T> work) {
    if (!stopped.isEmpty()) {
      throw stopped();
    }
    return storage.locked(work);
  }

  private StoreFailed stopped() {
    return new StoreFailed("The journal in memory %s. Open another.".formatted(stopped));
  }
}
