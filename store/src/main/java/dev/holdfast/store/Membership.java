package dev.holdfast.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * This process among the workers of a store: its row, its lease, and the number of its last batch.
 * For the writer's thread, where nothing else is said.
 *
 * <p>Whoever takes over the runs of a worker deletes its row, which waits for a batch under way and
 * lets none begin: the row is what every batch must find, and so the fence of all its runs.
 */
final class Membership {
  private static final String JOIN =
      "INSERT INTO holdfast.worker (name, lease_until, batch) VALUES (?, clock_timestamp() +"
          + " ? * interval '1 millisecond', 0) RETURNING number";
  private static final String LAST =
      "SELECT batch FROM holdfast.worker WHERE number = ? FOR UPDATE";
  private static final String BAR = "UPDATE holdfast.worker SET batch = ? WHERE number = ?";
  private static final String EXPIRED =
      "SELECT number FROM holdfast.worker WHERE number <> ? AND lease_until < clock_timestamp()"
          + " FOR UPDATE SKIP LOCKED";
  private static final String LEAVE = "DELETE FROM holdfast.worker WHERE number = ANY (?)";
  // Ready since they were started: before what came later, and by any worker's time.
  static final String FREE =
      "UPDATE holdfast.run SET status = 'READY', owner = 0, ready_at = started_at,"
          + " deaths = CASE WHEN ? THEN deaths + 1 ELSE 0 END"
          + " WHERE owner = ANY (?) AND owner <> 0";
  private static final String FORGIVE =
      "UPDATE holdfast.run SET deaths = 0 WHERE number = ANY (?) AND deaths > 0";

  /**
   * A batch about to be written.
   *
   * @param number above the one before; an odd number bars the even one below it
   */
  record Batch(long worker, long number, long before, long leaseMillis) {}

  private final String name;
  private final Duration ttl;
  private volatile long number;
  private volatile long renewedNanos;
  private volatile CompletableFuture<Void> renewal = new CompletableFuture<>();
  private long last;

  /**
   * A membership that has yet to {@link #join}.
   *
   * @param name for people who look at the table
   * @param ttl how long this process may be silent before others take its runs over
   */
  Membership(String name, Duration ttl) {
    this.name = name;
    this.ttl = ttl;
  }

  /** Becomes a new worker, which owns nothing yet, in a transaction that frees what it owned. */
  void join(Connection connection, Collection<Long> lostRuns) throws SQLException {
    long asked = System.nanoTime();
    limit(connection);
    if (number != 0) {
      leave(connection, false);
      forgive(connection, lostRuns);
    }
    long joined = inserted(connection);
    connection.commit();
    // Before the commit it is not certain: the number before would be left behind with its runs.
    number = joined;
    last = 0;
    renewed(asked);
  }

  private long inserted(Connection connection) throws SQLException {
    try (PreparedStatement join = connection.prepareStatement(JOIN)) {
      join.setString(1, name);
      join.setLong(2, ttl.toMillis());
      try (ResultSet row = join.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** A process that is halted in mid-transaction shall not hold its locks for longer than that. */
  private void limit(Connection connection) throws SQLException {
    PostgresConnections.limit(connection, ttl);
  }

  private void renewed(long askedNanos) {
    renewedNanos = askedNanos;
    CompletableFuture<Void> awaited = renewal;
    renewal = new CompletableFuture<>();
    awaited.complete(null);
  }

  /** No lease is renewed any more. */
  void end(RuntimeException why) {
    renewal.completeExceptionally(why);
  }

  /** Done once the lease was renewed the next time; for any thread. */
  CompletableFuture<Void> renewal() {
    return renewal;
  }

  /** The number of this worker; for any thread. */
  long number() {
    return number;
  }

  /** Whether so much of the lease is left that something outside may begin; for any thread. */
  boolean isFresh() {
    return silentNanos() < ttl.toNanos() / 3 * 2;
  }

  /** Whether the lease should be renewed although there is nothing to write. */
  boolean isDue() {
    return silentNanos() >= beat().toNanos();
  }

  /** How long this process may be silent. */
  Duration ttl() {
    return ttl;
  }

  /** How often the lease is renewed at least. */
  Duration beat() {
    return ttl.dividedBy(3);
  }

  private long silentNanos() {
    return System.nanoTime() - renewedNanos;
  }

  /** The next batch; what it is followed by is {@link #wrote}, or {@link #happened}. */
  Batch next() {
    return new Batch(number, last / 2 * 2 + 2, last, ttl.toMillis());
  }

  /** The same batch, already begun in this transaction. */
  static Batch more(Batch begun) {
    return new Batch(begun.worker(), begun.number(), begun.number(), begun.leaseMillis());
  }

  /** A batch is durable that was sent at that time of the machine. */
  void wrote(Batch batch, long sentNanos) {
    last = batch.number();
    renewed(sentNanos);
  }

  /** What became of a batch whose answer was lost. */
  enum Fate {
    /** It is durable. */
    COMMITTED,
    /** It never happened, and never will. */
    BARRED,
    /** The worker was taken over; whether the batch came before that is unknown. */
    FENCED
  }

  /**
   * Finds out what became of a batch, on a new connection, in a transaction of its own: the row's
   * lock waits for it where it is still under way, and the next number bars it where it never was.
   */
  Fate happened(Connection connection, Batch batch) throws SQLException {
    limit(connection);
    Fate fate = inspected(connection, batch);
    connection.commit();
    return fate;
  }

  private Fate inspected(Connection connection, Batch batch) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LAST)) {
      select.setLong(1, batch.worker());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Fate.FENCED;
        }
        if (row.getLong(1) == batch.number()) {
          last = batch.number();
          return Fate.COMMITTED;
        }
      }
    }
    bar(connection, batch);
    return Fate.BARRED;
  }

  private void bar(Connection connection, Batch batch) throws SQLException {
    try (PreparedStatement bar = connection.prepareStatement(BAR)) {
      bar.setLong(1, batch.number() + 1);
      bar.setLong(2, batch.worker());
      bar.executeUpdate();
    }
    last = batch.number() + 1;
  }

  /** Frees the runs of other workers whose lease ran out; the transaction is the caller's. */
  List<Long> takeOver(Connection connection) throws SQLException {
    limit(connection);
    var expired = new ArrayList<Long>();
    try (PreparedStatement select = connection.prepareStatement(EXPIRED)) {
      select.setLong(1, number);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          expired.add(row.getLong(1));
        }
      }
    }
    free(connection, expired, true);
    return List.copyOf(expired);
  }

  /**
   * Gives up this worker and frees its runs; the transaction is the caller's.
   *
   * @param hasDied whether that counts as a death, as if somebody else had found it gone
   */
  void leave(Connection connection, boolean hasDied) throws SQLException {
    free(connection, List.of(number), hasDied);
  }

  /** Takes back that these runs were counted as left by a death. */
  private static void forgive(Connection connection, Collection<Long> runs) throws SQLException {
    try (PreparedStatement forgive = connection.prepareStatement(FORGIVE)) {
      forgive.setArray(1, connection.createArrayOf("int8", runs.toArray()));
      forgive.executeUpdate();
    }
  }

  private static void free(Connection connection, List<Long> workers, boolean haveDied)
      throws SQLException {
    if (workers.isEmpty()) {
      return;
    }
    Array numbers = connection.createArrayOf("int8", workers.toArray());
    try (PreparedStatement leave = connection.prepareStatement(LEAVE)) {
      leave.setArray(1, numbers);
      leave.executeUpdate();
    }
    try (PreparedStatement free = connection.prepareStatement(FREE)) {
      free.setBoolean(1, haveDied);
      free.setArray(2, numbers);
      free.executeUpdate();
    }
  }
}
