package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The journal of one of the processes that execute the runs of a store on PostgreSQL. */
final class PostgresJournal extends ReadThrough implements Journal {
  private final PostgresSession session;
  private final PostgresWriter writer;
  private final PostgresReader reader;
  private final Wakeups wakeups;
  private final DatabaseClock clock;
  private final InstantSource sentAt;
  private final String location;
  private final JsonCodec codec = JsonCodec.standard();
  private volatile Set<WorkflowKey> claimed = Set.of();
  private volatile Instant nextReady = Instant.EPOCH;
  private volatile boolean mayHaveMail = true;

  private PostgresJournal(
      PostgresConnections connections,
      PostgresSession session,
      Wakeups wakeups,
      DatabaseClock clock,
      Optional<InstantSource> time,
      String location) {
    this.session = session;
    this.wakeups = wakeups;
    this.clock = clock;
    this.sentAt = time.orElse(clock::now);
    this.location = location;
    this.reader = new PostgresReader(connections, location, session.vault());
    this.writer = new PostgresWriter(session, location, connections.outageMax());
  }

  /**
   * Joins the workers of the store behind a data source, and makes its tables where there are none.
   *
   * @param worker this process's name, for people
   * @param leaseTtl how long it may be silent before others take its runs over
   * @param time in the place of the database's time, for tests
   * @throws StoreFailed where the server cannot be reached or used safely
   */
  static PostgresJournal open(
      PostgresConnections connections,
      String worker,
      Duration leaseTtl,
      Optional<InstantSource> time,
      Optional<Encryption> encryption) {
    requireSafe(connections);
    String location = PostgresSchema.prepare(connections);
    Vault vault = vault(connections, location, encryption);
    var wakeups = new Wakeups(connections);
    var clock = new DatabaseClock(0);
    var membership = new Membership(worker, leaseTtl);
    var session = new PostgresSession(connections, membership, clock, wakeups, location, vault);
    try {
      session.join();
    } catch (SQLException e) {
      session.cut();
      throw PostgresErrors.failed(location, e);
    }
    var journal = new PostgresJournal(connections, session, wakeups, clock, time, location);
    journal.writer.start();
    wakeups.start();
    return journal;
  }

  private static Vault vault(
      PostgresConnections connections, String location, Optional<Encryption> encryption) {
    try (Connection connection = connections.open()) {
      EntryFormat.require(connection, location);
      Vault vault = StoreKey.prepare(connection, location, encryption);
      EntryFormat.keep(connection);
      return vault;
    } catch (SQLException e) {
      throw PostgresErrors.failed(location, e);
    }
  }

  /** How this store keeps its data. */
  Vault vault() {
    return session.vault();
  }

  /** Before anything is changed there. */
  private static void requireSafe(PostgresConnections connections) {
    try {
      connections.checked().connection().close();
    } catch (SQLException e) {
      throw PostgresErrors.failed("on PostgreSQL", e);
    }
  }

  /** The database's time. */
  DatabaseClock clock() {
    return clock;
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    return run.isAtOnce() ? submitStart(run, false) : submitAdmission(run);
  }

  @Override
  public CompletableFuture<Start> startClaimed(NewRun run) {
    try {
      run.requireAtOnce();
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    return submitStart(run, true);
  }

  /** What must look at other runs first is no row alone. */
  private CompletableFuture<Start> submitAdmission(NewRun run) {
    List<EncodedEntry> beginning = EncodedEntry.beginning(codec, vault(), run);
    return writer.submit(
        PostgresRequest.<Start>ofStatements(
            PostgresLocks.of(run),
            EncodedEntry.length(beginning),
            batch -> {
              batch.flush();
              Start start = batch.tables().start(run, beginning);
              return durable -> start;
            }));
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> register(Queue queue) {
    return writer.submit(
        PostgresRequest.<Void>ofStatements(
            0,
            batch -> {
              batch.tables().queues().register(queue);
              batch.tables().woke();
              return durable -> null;
            }));
  }

  private CompletableFuture<Start> submitStart(NewRun run, boolean isClaimed) {
    EncodedEntry first = EncodedEntry.beginning(codec, vault(), run).get(0);
    return writer.submit(
        PostgresRequest.ofRows(first.length(), batch -> started(batch, run, first, isClaimed)));
  }

  private static PostgresRequest.Answer<Start> started(
      PostgresBatch batch, NewRun run, EncodedEntry first, boolean isClaimed) {
    if (batch.starts(run.id())) {
      return durable -> durable.taken(run.id());
    }
    batch.start(run, first, isClaimed);
    return durable ->
        durable.hasStarted(run.id())
            ? new Start.Fresh(
                isClaimed
                    ? Optional.of(new Claim(run.id(), run.workflow(), 1, 1))
                    : Optional.empty())
            : durable.taken(run.id());
  }

  @Override
  public CompletableFuture<List<Claim>> claim(
      Set<WorkflowKey> workflows, Instant now, int countMax) {
    claimed = Set.copyOf(workflows);
    Set<WorkflowKey> wanted = claimed;
    try {
      writer.requireOpen();
      // Most looks find nothing: they shall not cost a transaction.
      nextReady = wanted.isEmpty() ? Instant.MAX : reader.firstReady(wanted, worker());
      if (nextReady.isAfter(now)) {
        return CompletableFuture.completedFuture(List.of());
      }
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    return writer
        .submit(
            PostgresRequest.<List<Claim>>ofStatements(
                0,
                batch -> {
                  List<Claim> claims = batch.claim(wanted, now, countMax);
                  return durable -> claims;
                }))
        .whenComplete((claims, failure) -> wakeups.wake());
  }

  @Override
  public CompletableFuture<Optional<Claim>> claim(RunId run, Instant now) {
    return writer.submit(
        PostgresRequest.ofStatements(
            0,
            batch -> {
              Optional<Claim> claim = batch.claim(run, now);
              return durable -> claim;
            }));
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> append(Append append) {
    Seal seal;
    try {
      seal = reader().seal(append.run());
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    List<EncodedEntry> entries =
        EncodedEntry.of(codec, seal, append.firstSequence(), append.entries());
    long length = entries.stream().mapToLong(EncodedEntry::length).sum();
    PostgresRequest.Work<Void> work =
        batch -> {
          batch.append(append, entries);
          return durable -> null;
        };
    boolean isOfRowsAlone =
        append.facts().isEmpty()
            && append.release().flatMap(Release::awaits).isEmpty()
            && append.release().flatMap(Release::letter).isEmpty()
            && !isEndOfAdmitted(append);
    PostgresLocks locks = PostgresLocks.of(append, session.claims().session(append.run()));
    return writer.submit(
        isOfRowsAlone
            ? PostgresRequest.ofRows(locks, length, work)
            : PostgresRequest.ofStatements(locks, length, work));
  }

  private boolean isEndOfAdmitted(Append append) {
    return append.release().filter(release -> release.status().isEnded()).isPresent()
        && session.claims().isAdmitted(append.run());
  }

  @Override
  public CompletableFuture<Entry> reserve(Reservation reservation) {
    Seal seal;
    try {
      seal = reader().seal(reservation.run());
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    return writer.submit(
        PostgresRequest.ofStatements(
            PostgresLocks.ofFact(reservation.fact()),
            0,
            batch -> {
              Entry entry = batch.reserve(reservation, seal);
              return durable -> entry;
            }));
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> settle(Fact settled) {
    return writer.submit(
        PostgresRequest.<Void>ofStatements(
            PostgresLocks.ofFact(settled.name()),
            0,
            batch -> {
              batch.tables().settle(settled, sentAt.instant());
              return durable -> null;
            }));
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> send(RunId run, Message message) {
    return writer.submit(
        PostgresRequest.<Void>ofStatements(
            PostgresLocks.ofMail(run),
            0,
            batch -> {
              batch.flush();
              batch.tables().send(run, message, sentAt.instant());
              return durable -> null;
            }));
  }

  @Override
  public CompletableFuture<Void> lease(RunId run, long epoch) {
    try {
      writer.requireOpen();
    } catch (StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    }
    return session.lease(run, epoch);
  }

  @Override
  public Duration leaseTtl() {
    return session.membership().ttl();
  }

  @Override
  public List<RunId> executingWithMail() {
    look();
    Map<Long, RunId> executing = session.claims().executing();
    if (executing.isEmpty() || !mayHaveMail) {
      return List.of();
    }
    // A run that was released between the two looks is executed no more.
    List<RunId> found =
        reader().withMail(Set.copyOf(executing.keySet())).stream()
            .map(executing::get)
            .filter(Objects::nonNull)
            .toList();
    mayHaveMail = !found.isEmpty();
    return found;
  }

  @Override
  public Instant nextReady() {
    look();
    return nextReady;
  }

  private long worker() {
    return session.membership().number();
  }

  private void look() {
    if (wakeups.isDue()) {
      mayHaveMail = true;
      // Runs of workflows that nobody here has would be looked for again and again.
      nextReady =
          claimed.isEmpty()
              ? reader().firstReady(worker())
              : reader().firstReady(claimed, worker());
    }
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public Optional<String> trouble() {
    return writer.trouble();
  }

  /** How many batches were committed. */
  long commits() {
    return writer.commits();
  }

  @Override
  public void abandon() {
    writer.abandon();
    release();
    session.cut();
    try {
      session.leave(true);
      session.close();
    } catch (SQLException e) {
      throw PostgresErrors.failed(location, e);
    }
  }

  @Override
  public void close() {
    writer.close();
    release();
  }

  private void release() {
    wakeups.close();
    reader.close();
  }

  @Override
  PostgresReader reader() {
    writer.requireOpen();
    return reader;
  }
}
