package dev.holdfast.store;

import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The named queues of a store on PostgreSQL, within a transaction.
 *
 * <p>Who counts the runs of a queue in order to add one that waits or executes locks its row first.
 */
final class PostgresQueues {
  private static final String OF_QUEUE =
      "(SELECT count(*) FROM holdfast.run WHERE run.queue = queue.name";
  private static final String EXECUTING = OF_QUEUE + " AND status = 'EXECUTING'";
  private static final String COLUMNS =
      "SELECT name, concurrency_max, concurrency_max_per_worker, waiting_max, " + EXECUTING + "), ";

  static final String LOAD =
      COLUMNS + OF_QUEUE + " AND status = 'READY') FROM holdfast.queue WHERE name = ?";
  static final String PLACES =
      COLUMNS + EXECUTING + " AND owner = ?) FROM holdfast.queue WHERE name = ?";
  // Asked so that each queue is looked up in the index, and no join over all runs is thought of.
  static final String WITH_READY =
      "SELECT name FROM holdfast.queue WHERE (SELECT ready_at FROM holdfast.run"
          + " WHERE run.queue = queue.name AND ready_at IS NOT NULL ORDER BY ready_at LIMIT 1) <= ?"
          + " ORDER BY name FOR UPDATE SKIP LOCKED";
  static final String FIRST_READY =
      "SELECT first.ready_at FROM holdfast.queue CROSS JOIN LATERAL (SELECT ready_at"
          + " FROM holdfast.run WHERE run.queue = queue.name AND ready_at IS NOT NULL%s"
          + " ORDER BY ready_at LIMIT 1) AS first WHERE "
          + EXECUTING
          + ") < concurrency_max AND "
          + EXECUTING
          + " AND owner = ?) < concurrency_max_per_worker ORDER BY first.ready_at LIMIT 1";

  private static final String LOCK =
      "SELECT 1 FROM holdfast.queue WHERE name = ANY (?) ORDER BY name FOR UPDATE";
  private static final String OTHERS = "SELECT count(*) FROM holdfast.queue WHERE name <> ?";
  private static final String REGISTER =
      "INSERT INTO holdfast.queue VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
          + " concurrency_max = excluded.concurrency_max,"
          + " concurrency_max_per_worker = excluded.concurrency_max_per_worker,"
          + " waiting_max = excluded.waiting_max";
  static final String DEDUPLICATED =
      "SELECT "
          + RunTables.STATE_COLUMNS
          + " FROM holdfast.run WHERE queue = ? AND deduplication = ?";

  private final Connection connection;
  private final Set<String> locked = new HashSet<>();

  PostgresQueues(Connection connection) {
    this.connection = connection;
  }

  void register(Queue queue) throws SQLException {
    try (PreparedStatement others = connection.prepareStatement(OTHERS)) {
      others.setString(1, queue.name());
      try (ResultSet row = others.executeQuery()) {
        row.next();
        queue.requireRoom(row.getLong(1));
      }
    }
    try (PreparedStatement register = connection.prepareStatement(REGISTER)) {
      register.setString(1, queue.name());
      register.setInt(2, queue.concurrencyMax());
      register.setInt(3, queue.concurrencyMaxPerWorker());
      register.setInt(4, queue.waitingMax());
      register.executeUpdate();
    }
  }

  /** Keeps others from starting and claiming runs of these queues until this transaction ends. */
  void lock(Set<String> names) throws SQLException {
    Object[] added = names.stream().filter(locked::add).toArray();
    if (added.length > 0) {
      try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
        lock.setArray(1, connection.createArrayOf("text", added));
        lock.execute();
      }
    }
  }

  /** Why a run is not accepted, if it is not; its queue is locked. */
  Optional<Start> refusal(NewRun run) throws SQLException {
    if (run.queue().isEmpty()) {
      return Optional.empty();
    }
    String name = run.queue().get();
    if (run.deduplication().isPresent()) {
      Optional<RunState> first = find(name, run.deduplication().get());
      if (first.isPresent()) {
        return Optional.of(new Start.Deduplicated(first.get()));
      }
    }
    try (PreparedStatement load = connection.prepareStatement(LOAD)) {
      load.setString(1, name);
      Optional<Queue.Load> found = Queues.load(load);
      return found.isEmpty()
          ? Optional.of(new Start.QueueUnknown(name))
          : found.filter(Queue.Load::isFull).map(Start.QueueFull::new);
    }
  }

  private Optional<RunState> find(String queue, String deduplication) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(DEDUPLICATED)) {
      find.setString(1, queue);
      find.setString(2, deduplication);
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? Optional.of(RunTables.state(row)) : Optional.empty();
      }
    }
  }

  /** Locks the queues that have runs which are ready, but for those that others are at. */
  List<String> lockReady(long now) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(WITH_READY)) {
      lock.setLong(1, now);
      var names = new ArrayList<String>();
      try (ResultSet row = lock.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
      return names;
    }
  }

  /** How many more runs of a queue that worker may claim; the queue is locked. */
  int room(String name, long worker) throws SQLException {
    try (PreparedStatement places = connection.prepareStatement(PLACES)) {
      places.setLong(1, worker);
      places.setString(2, name);
      try (ResultSet row = places.executeQuery()) {
        return row.next() ? Queues.load(row, 0).room(row.getInt(6)) : 0;
      }
    }
  }
}
