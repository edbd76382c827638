package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A worker's connection and its place among the workers: writes batches, and finds out what became
 * of one whose answer was lost. For the writer's thread, where nothing else is said.
 */
final class PostgresSession {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  static final String NOTIFY = "SELECT pg_notify('%s', '')".formatted(Wakeups.CHANNEL);
  // The worker's row and the first entries of what a batch started come from one transaction.
  static final String STARTED =
      "SELECT run.id, run.number FROM holdfast.run JOIN holdfast.entry"
          + " ON entry.run = run.number AND entry.sequence = 0 WHERE run.id = ANY (?)"
          + " AND entry.xmin = (SELECT worker.xmin FROM holdfast.worker WHERE worker.number = ?)";

  private final PostgresConnections connections;
  private final Membership membership;
  private final DatabaseClock clock;
  private final Wakeups wakeups;
  private final String location;
  private final Vault vault;
  private final Claims claims = new Claims();
  private volatile @Nullable Connection connection;
  private @Nullable PostgresBatch unanswered;
  private boolean isOut = true;
  private Set<Long> lostRuns = Set.of();

  PostgresSession(
      PostgresConnections connections,
      Membership membership,
      DatabaseClock clock,
      Wakeups wakeups,
      String location,
      Vault vault) {
    this.connections = connections;
    this.membership = membership;
    this.clock = clock;
    this.wakeups = wakeups;
    this.location = location;
    this.vault = vault;
  }

  /** How the store keeps its data. */
  Vault vault() {
    return vault;
  }

  /** The claims of this worker; {@link Claims#executing} is for any thread. */
  Claims claims() {
    return claims;
  }

  Membership membership() {
    return membership;
  }

  /** Becomes a worker that owns nothing, and frees what this process owned as another. */
  void join() throws SQLException {
    Connection open = connected();
    open.setAutoCommit(false);
    membership.join(open, lostRuns);
    isOut = false;
    lostRuns = Set.of();
    wakeups.wake();
  }

  /**
   * Done while this process may begin something outside for a run under that claim; where its lease
   * is about to end, once it was renewed. For any thread.
   */
  CompletableFuture<Void> lease(RunId run, long epoch) {
    if (!claims.isHeld(run, epoch)) {
      return CompletableFuture.failedFuture(Claims.fenced(run, epoch));
    }
    // Taken before the look: a renewal in between completes it.
    CompletableFuture<Void> renewal = membership.renewal();
    return membership.isFresh()
        ? CompletableFuture.completedFuture(null)
        : renewal.thenCompose(renewed -> lease(run, epoch));
  }

  /** This process is no worker any more until it has joined again, which the next write does. */
  void lose() {
    lostRuns = Set.copyOf(claims.executing().keySet());
    claims.lose();
    unanswered = null;
    isOut = true;
  }

  /**
   * Writes a batch and tells its answers.
   *
   * @throws TakenOver where nothing of the batch is kept, since the worker is none any more
   * @throws SQLException where the outcome is unknown, unless the error says that nothing is kept
   */
  void write(List<PostgresRequest<?>> requests) throws SQLException {
    if (isOut) {
      join();
    }
    Connection open = connected();
    boolean ofRowsAlone = requests.stream().allMatch(PostgresRequest::isOfRowsAlone);
    open.setAutoCommit(ofRowsAlone);
    long sent = System.nanoTime();
    var tables = new PostgresTables(open, location, vault);
    var batch = new PostgresBatch(open, claims, membership.next(), tables);
    unanswered = batch;
    if (!ofRowsAlone) {
      batch.flush();
      tables.lock(PostgresLocks.of(requests));
    }
    for (PostgresRequest<?> request : requests) {
      request.perform(batch);
    }
    batch.flush();
    if (!ofRowsAlone) {
      open.commit();
    }
    durable(batch, sent, requests);
  }

  private void durable(PostgresBatch batch, long sent, List<PostgresRequest<?>> requests) {
    membership.wrote(batch.number(), sent);
    clock.read(batch.nowMicros());
    finish(batch, requests);
  }

  /** Whatever fails from here on, the batch stands: it must not be written again. */
  private void finish(PostgresBatch batch, List<PostgresRequest<?>> requests) {
    unanswered = null;
    claims.commit();
    giveBack();
    if (batch.tables().hasWoken()) {
      // Before the answers: who is told that a run is ready shall find it so.
      wakeups.wake();
    }
    requests.forEach(request -> tell(request, batch));
    if (batch.tables().hasWoken()) {
      announce();
    }
  }

  private void tell(PostgresRequest<?> request, PostgresBatch batch) {
    try {
      request.finish(batch);
    } catch (SQLException e) {
      request.fail(PostgresErrors.failed(location, e));
    }
  }

  /** A transaction of its own: one that announces at its commit holds up everybody's commits. */
  private void announce() {
    wakeups.wake();
    try (Statement statement = connected().createStatement()) {
      statement.execute(NOTIFY);
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "Not announced: {0}", PostgresErrors.describe(e));
    }
  }

  /** Undoes a batch of which nothing is kept. */
  void undo() {
    claims.rollBack();
    unanswered = null;
    Connection open = connection;
    try {
      if (open != null && !open.getAutoCommit()) {
        open.rollback();
      }
    } catch (SQLException e) {
      // The server rolls back what a connection leaves.
      cut();
    }
  }

  /**
   * Connects again and finds out what became of the batch whose answer was lost.
   *
   * @return whether it is durable, and told; else nothing of it is kept
   */
  boolean resume(List<PostgresRequest<?>> requests) throws SQLException {
    cut();
    PostgresBatch lost = isOut ? null : unanswered;
    if (lost == null) {
      connected();
      return false;
    }
    Connection open = connected();
    open.setAutoCommit(false);
    long asked = System.nanoTime();
    Membership.Fate fate = membership.happened(open, lost.number());
    switch (fate) {
      case COMMITTED -> {
        recall(open, lost);
        lost.answerFrom(new PostgresTables(open, location, vault));
        membership.wrote(lost.number(), asked);
        finish(lost, requests);
      }
      case BARRED -> undo();
      case FENCED -> lose();
    }
    LOG.log(System.Logger.Level.INFO, "The batch of the lost connection was {0}.", fate);
    return fate == Membership.Fate.COMMITTED;
  }

  /** The runs that a batch started, where the statement's own answer was lost. */
  private void giveBack() {
    try {
      connected().setAutoCommit(true);
    } catch (SQLException e) {
      cut();
    }
  }

  private void recall(Connection open, PostgresBatch lost) throws SQLException {
    Set<RunId> asked = lost.asked();
    try (PreparedStatement select = open.prepareStatement(STARTED)) {
      Object[] ids = asked.stream().map(RunId::text).toArray();
      select.setArray(1, open.createArrayOf("text", ids));
      select.setLong(2, lost.number().worker());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          begin(lost, new RunId(row.getString(1)), row.getLong(2));
        }
      }
    }
    open.commit();
  }

  private static void begin(PostgresBatch lost, RunId run, long number) throws SQLException {
    if (!lost.hasStarted(run)) {
      lost.begin(run, number);
    }
  }

  /** Frees the runs of workers that are gone. */
  void takeOver() throws SQLException {
    Connection open = connected();
    open.setAutoCommit(false);
    List<Long> gone = membership.takeOver(open);
    open.commit();
    open.setAutoCommit(true);
    if (!gone.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "Took over the runs of the workers {0}.", gone);
      announce();
    }
  }

  /**
   * Gives up the place among the workers, and frees the runs that are still held.
   *
   * @param hasDied whether it counts as a death of theirs
   */
  void leave(boolean hasDied) throws SQLException {
    Connection open = connected();
    open.setAutoCommit(false);
    membership.leave(open, hasDied);
    open.commit();
    claims.lose();
    announce();
  }

  /** Ends the connection under whatever it does; for any thread. */
  void abort() {
    Connection open = connection;
    try {
      if (open != null) {
        open.abort(Runnable::run);
      }
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The connection was gone already.", e);
    }
  }

  /** Ends the connection, which may be in the middle of something. */
  void cut() {
    abort();
    try {
      close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The connection was gone already.", e);
    }
  }

  /** Gives the connection back. */
  void close() throws SQLException {
    Connection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  private Connection connected() throws SQLException {
    Connection open = connection;
    if (open == null) {
      PostgresConnections.Checked checked = connections.checked();
      clock.read(checked.nowMicros());
      open = checked.connection();
      connection = open;
    }
    return open;
  }

  /**
   * Waits no longer for the server: what this process owned is to be taken over.
   *
   * @return what is told of the batch at hand
   */
  StoreFailed giveUp(Exception cause) {
    boolean isUnknown = unanswered != null;
    lose();
    String facts =
        "The store %s is out of reach (%s)".formatted(location, PostgresErrors.describe(cause));
    return isUnknown
        ? new StoreFailed(facts + "; the last writes may or may not be kept. Look again.", cause)
        : new StoreFailed.Unavailable(facts + "; nothing was written. Try again later.", cause);
  }
}
