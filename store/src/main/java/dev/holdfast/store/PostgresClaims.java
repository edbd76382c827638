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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a worker takes runs, within a transaction of its writer. */
final class PostgresClaims {
  static final String READY =
      "SELECT number FROM holdfast.run WHERE ready_at <= ? AND (workflow, version) IN"
          + " (SELECT * FROM unnest(?, ?)) ORDER BY ready_at, number LIMIT ?"
          + " FOR UPDATE SKIP LOCKED";
  static final String ONE =
      "SELECT number FROM holdfast.run WHERE ready_at <= ? AND id = ? FOR UPDATE SKIP LOCKED";
  private static final String TAKE =
      "UPDATE holdfast.run SET epoch = epoch + 1, owner = ?, status = 'EXECUTING',"
          + " ready_at = NULL, awaits = NULL, changed_at = ? WHERE number = ANY (?)"
          + " RETURNING number, id, workflow, version, epoch, deaths";
  // A statement of its own: only what begins after the runs are locked sees their last entries.
  private static final String LAST =
      "SELECT run, max(sequence) FROM holdfast.entry WHERE run = ANY (?) GROUP BY run";

  private record Taken(long number, RunId run, WorkflowKey workflow, long epoch, int deaths) {}

  private final Connection connection;
  private final long worker;
  private final Claims claims;

  PostgresClaims(Connection connection, long worker, Claims claims) {
    this.connection = connection;
    this.worker = worker;
    this.claims = claims;
  }

  List<Claim> claim(Array workflows, Array versions, Instant now, int countMax)
      throws SQLException {
    try (PreparedStatement ready = connection.prepareStatement(READY)) {
      ready.setLong(1, Micros.of(now));
      ready.setArray(2, workflows);
      ready.setArray(3, versions);
      ready.setInt(4, countMax);
      return take(numbers(ready), now);
    }
  }

  Optional<Claim> claim(RunId run, Instant now) throws SQLException {
    try (PreparedStatement one = connection.prepareStatement(ONE)) {
      one.setLong(1, Micros.of(now));
      one.setString(2, run.text());
      return take(numbers(one), now).stream().findFirst();
    }
  }

  private static List<Long> numbers(PreparedStatement select) throws SQLException {
    var found = new ArrayList<Long>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(row.getLong(1));
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
    return new Claim(run.run(), run.workflow(), run.epoch(), nextSequence, run.deaths());
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
          taken.put(number, new Taken(number, run, workflow, row.getLong(5), row.getInt(6)));
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
