package dev.holdfast.store;

import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The named queues of a store, within a transaction of its connection. */
final class Queues {
  private static final String OF_QUEUE = "(SELECT count(*) FROM run WHERE run.queue = queue.name";
  private static final String EXECUTING = OF_QUEUE + " AND status = 'EXECUTING'";
  private static final String COLUMNS =
      "SELECT name, concurrency_max, concurrency_max_per_worker, waiting_max, " + EXECUTING + "), ";

  static final String LOAD =
      COLUMNS + OF_QUEUE + " AND status = 'READY') FROM queue WHERE name = ?";
  static final String PLACES = COLUMNS + EXECUTING + " AND owner = ?) FROM queue";
  static final String FIRST_READY =
      "SELECT min((SELECT ready_at FROM run WHERE run.queue = queue.name AND ready_at IS NOT NULL"
          + " ORDER BY ready_at LIMIT 1)) FROM queue WHERE "
          + EXECUTING
          + ") < concurrency_max AND "
          + EXECUTING
          + " AND owner = ?) < concurrency_max_per_worker";
  static final String FIND_DEDUPLICATED =
      "SELECT " + RunTables.STATE_COLUMNS + " FROM run WHERE queue = ? AND deduplication = ?";

  /** The places of one queue that a worker which claims runs finds free. */
  static final class Places {
    private final Queue queue;
    private final int executing;
    private int mine;

    private Places(Queue queue, int executing, int mine) {
      this.queue = queue;
      this.executing = executing;
      this.mine = mine;
    }

    String name() {
      return queue.name();
    }

    /** How many runs that are ready may be claimed. */
    int room() {
      return load().room(mine);
    }

    /** Takes over a run that has its place already; false where this worker has no room for it. */
    boolean takeOver() {
      // Nobody else executes this store, so whoever lives is this worker.
      boolean hasRoom = load().roomForOrphans(mine, mine) > 0;
      mine += hasRoom ? 1 : 0;
      return hasRoom;
    }

    private Queue.Load load() {
      return new Queue.Load(queue, executing, 0);
    }
  }

  private final PreparedStatement register;
  private final PreparedStatement countOthers;
  private final PreparedStatement load;
  private final PreparedStatement places;
  private final PreparedStatement findDeduplicated;

  Queues(Connection connection) throws SQLException {
    register =
        connection.prepareStatement(
            "INSERT INTO queue VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                + " concurrency_max = excluded.concurrency_max,"
                + " concurrency_max_per_worker = excluded.concurrency_max_per_worker,"
                + " waiting_max = excluded.waiting_max");
    countOthers = connection.prepareStatement("SELECT count(*) FROM queue WHERE name <> ?");
    load = connection.prepareStatement(LOAD);
    places = connection.prepareStatement(PLACES);
    findDeduplicated = connection.prepareStatement(FIND_DEDUPLICATED);
  }

  void register(Queue queue) throws SQLException {
    countOthers.setString(1, queue.name());
    try (ResultSet row = countOthers.executeQuery()) {
      queue.requireRoom(row.getLong(1));
    }
    register.setString(1, queue.name());
    register.setInt(2, queue.concurrencyMax());
    register.setInt(3, queue.concurrencyMaxPerWorker());
    register.setInt(4, queue.waitingMax());
    register.executeUpdate();
  }

  /** Why a run is not accepted, if it is not. */
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
    load.setString(1, name);
    Optional<Queue.Load> found = load(load);
    return found.isEmpty()
        ? Optional.of(new Start.QueueUnknown(name))
        : found.filter(Queue.Load::isFull).map(Start.QueueFull::new);
  }

  private Optional<RunState> find(String queue, String deduplication) throws SQLException {
    findDeduplicated.setString(1, queue);
    findDeduplicated.setString(2, deduplication);
    try (ResultSet row = findDeduplicated.executeQuery()) {
      return row.next() ? Optional.of(RunTables.state(row)) : Optional.empty();
    }
  }

  /** The free places of every queue, by its name. */
  Map<String, Places> places(long owner) throws SQLException {
    places.setLong(1, owner);
    var free = new HashMap<String, Places>();
    try (ResultSet row = places.executeQuery()) {
      while (row.next()) {
        free.put(row.getString(1), new Places(queue(row), row.getInt(5), row.getInt(6)));
      }
    }
    return free;
  }

  /** The answer to {@link #LOAD}. */
  static Optional<Queue.Load> load(PreparedStatement asked) throws SQLException {
    try (ResultSet row = asked.executeQuery()) {
      return row.next() ? Optional.of(load(row, row.getInt(6))) : Optional.empty();
    }
  }

  /** The load in a row of {@link #LOAD} or {@link #PLACES}. */
  static Queue.Load load(ResultSet row, int waiting) throws SQLException {
    return new Queue.Load(queue(row), row.getInt(5), waiting);
  }

  private static Queue queue(ResultSet row) throws SQLException {
    return new Queue(row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4));
  }
}
