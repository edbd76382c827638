package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.WorkflowKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a worker takes runs, within a transaction of its writer. */
final class PostgresClaims {
  private static final String COLUMNS = "SELECT number, ready_at, queue FROM holdfast.run";
  private static final String OF_WORKFLOWS =
      " AND (workflow, version) IN (SELECT * FROM unnest(?, ?)) ORDER BY ready_at, number LIMIT ?"
          + " FOR UPDATE SKIP LOCKED";
  static final String READY = COLUMNS + " WHERE ready_at <= ? AND queue IS NULL" + OF_WORKFLOWS;
  static final String QUEUED = COLUMNS + " WHERE ready_at <= ? AND queue = ?" + OF_WORKFLOWS;
  static final String ONE = COLUMNS + " WHERE ready_at <= ? AND id = ? FOR UPDATE SKIP LOCKED";
  static final String TAKE =
      "UPDATE holdfast.run SET epoch = epoch + 1, owner = ?, status = 'EXECUTING',"
          + " ready_at = NULL, awaits = NULL, changed_at = ? WHERE number = ANY (?)"
          + " RETURNING number, id, workflow, version, epoch, deaths,"
          + " coalesce(queue, session) IS NOT NULL, session, gaps";
  // A statement of its own: only what begins after the runs are locked sees their last entries.
  static final String LAST =
      "SELECT run, max(sequence) FROM holdfast.entry WHERE run = ANY (?) GROUP BY run";

  private record Taken(
      long number,
      RunId run,
      WorkflowKey workflow,
      long epoch,
      int deaths,
      boolean isAdmitted,
      Optional<String> session,
      List<Claim.Gap> gaps) {}

  private record Ready(long number, long since, Optional<String> queue) {}

  private final Connection connection;
  private final PostgresQueues queues;
  private final long worker;
  private final Claims claims;

  PostgresClaims(Connection connection, long worker, Claims claims) {
    this.connection = connection;
    this.queues = new PostgresQueues(connection);
    this.worker = worker;
    this.claims = claims;
  }

  List<Claim> claim(Array workflows, Array versions, Instant now, int countMax)
      throws SQLException {
    long at = Micros.of(now);
    var found = new ArrayList<Ready>();
    for (String queue : queues.lockReady(at)) {
      int most = Math.min(countMax, queues.room(queue, worker));
      if (most > 0) {
        found.addAll(queued(queue, workflows, versions, at, most));
      }
    }
    try (PreparedStatement ready = connection.prepareStatement(READY)) {
      ready.setLong(1, at);
      ready.setArray(2, workflows);
      ready.setArray(3, versions);
      ready.setInt(4, countMax);
      found.addAll(all(ready));
    }
    found.sort(Comparator.comparingLong(Ready::since).thenComparingLong(Ready::number));
    return take(found.stream().limit(countMax).map(Ready::number).toList(), now);
  }

  private List<Ready> queued(String queue, Array workflows, Array versions, long at, int most)
      throws SQLException {
    try (PreparedStatement queued = connection.prepareStatement(QUEUED)) {
      queued.setLong(1, at);
      queued.setString(2, queue);
      queued.setArray(3, workflows);
      queued.setArray(4, versions);
      queued.setInt(5, most);
      return all(queued);
    }
  }

  Optional<Claim> claim(RunId run, Instant now) throws SQLException {
    try (PreparedStatement one = connection.prepareStatement(ONE)) {
      one.setLong(1, Micros.of(now));
      one.setString(2, run.text());
      List<Ready> found = all(one);
      boolean hasPlace = found.isEmpty() || hasPlace(found.get(0));
      List<Long> numbers = hasPlace ? found.stream().map(Ready::number).toList() : List.of();
      return take(numbers, now).stream().findFirst();
    }
  }

  private boolean hasPlace(Ready run) throws SQLException {
    if (run.queue().isEmpty()) {
      return true;
    }
    queues.lock(Set.of(run.queue().get()));
    return queues.room(run.queue().get(), worker) > 0;
  }

  private static List<Ready> all(PreparedStatement select) throws SQLException {
    var found = new ArrayList<Ready>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(new Ready(row.getLong(1), row.getLong(2), Optional.ofNullable(row.getString(3))));
      }
    }
    return found;
  }

  private List<Claim> take(List<Long> numbers, Instant now) throws SQLException {
    if (numbers.isEmpty()) {
      return List.of();
    }
    Array array = connection.createArrayOf("int8", numbers.toArray());
    Map<Long, Taken> taken = taken(array, now);
    Map<Long, Long> last = last(array);
    var claimed = new ArrayList<Claim>();
    for (Long number : numbers) {
      Taken run = taken.get(number);
      if (run != null) {
        claimed.add(hold(run, last.getOrDefault(number, -1L) + 1));
      }
    }
    return List.copyOf(claimed);
  }

  private Claim hold(Taken run, long nextSequence) {
    claims.hold(run.run(), new Claims.Held(run.number(), run.epoch(), nextSequence, run.deaths()));
    if (run.isAdmitted()) {
      claims.admitted(run.run(), run.session());
    }
    return new Claim(
        run.run(), run.workflow(), run.epoch(), nextSequence, run.deaths(), run.gaps());
  }

  private Map<Long, Taken> taken(Array numbers, Instant now) throws SQLException {
    var taken = new HashMap<Long, Taken>();
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setLong(1, worker);
      take.setLong(2, Micros.of(now));
      take.setArray(3, numbers);
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          var workflow = new WorkflowKey(row.getString(3), row.getString(4));
          var run = new RunId(row.getString(2));
          long number = row.getLong(1);
          taken.put(
              number,
              new Taken(
                  number,
                  run,
                  workflow,
                  row.getLong(5),
                  row.getInt(6),
                  row.getBoolean(7),
                  Optional.ofNullable(row.getString(8)),
                  Claim.Gap.parse(row.getString(9))));
        }
      }
    }
    return taken;
  }

  private Map<Long, Long> last(Array numbers) throws SQLException {
    var last = new HashMap<Long, Long>();
    try (PreparedStatement select = connection.prepareStatement(LAST)) {
      select.setArray(1, numbers);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          last.put(row.getLong(1), row.getLong(2));
        }
      }
    }
    return last;
  }
}
