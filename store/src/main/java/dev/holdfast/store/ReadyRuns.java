package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which runs the executing process may claim, within the writer's transactions. */
final class ReadyRuns {
  /** No run can hold it: it parts a workflow's name from its version. */
  private static final char SEPARATOR = '\u001f';

  /** Who closes the store in good order leaves its runs without an owner, and is no death. */
  private static final String DEATHS =
      "CASE WHEN status = 'EXECUTING' AND owner <> 0 THEN deaths + 1 ELSE 0 END";

  private static final String COLUMNS =
      "SELECT number, id, workflow, version, epoch, ready_at, queue, status, "
          + DEATHS
          + " FROM run";
  private static final String OF_WORKFLOWS =
      " AND workflow || char(31) || version IN (SELECT value FROM json_each(?))";
  private static final String IN_ORDER = " ORDER BY ready_at, number LIMIT ?";
  private static final String ORPHANED =
      " WHERE status = 'EXECUTING' AND " + RunTables.NOT_ENDED + " AND owner <> ?";

  static final String SELECT_ORPHANS = COLUMNS + ORPHANED + OF_WORKFLOWS + " ORDER BY changed_at";
  static final String SELECT_READY =
      COLUMNS + " WHERE ready_at <= ? AND queue IS NULL" + OF_WORKFLOWS + IN_ORDER;
  static final String SELECT_QUEUED =
      COLUMNS + " WHERE ready_at <= ? AND queue = ?" + OF_WORKFLOWS + IN_ORDER;
  static final String SELECT_ONE =
      COLUMNS + " WHERE id = ? AND (ready_at <= ? OR (status = 'EXECUTING' AND owner <> ?))";
  static final String ANY_ORPHAN = "SELECT 1 FROM run" + ORPHANED + " LIMIT 1";

  /** A run that may be claimed; {@code since} when it was ready. */
  record Ready(
      long number,
      RunId id,
      WorkflowKey workflow,
      long epoch,
      long since,
      Optional<String> queue,
      boolean isOrphan,
      int deaths) {}

  private final Queues queues;
  private final long opened;
  private final PreparedStatement selectOrphans;
  private final PreparedStatement selectReady;
  private final PreparedStatement selectQueued;
  private final PreparedStatement selectOne;
  private final PreparedStatement anyOrphan;

  ReadyRuns(Connection connection, Queues queues, long opened) throws SQLException {
    this.queues = queues;
    this.opened = opened;
    selectOrphans = connection.prepareStatement(SELECT_ORPHANS);
    selectReady = connection.prepareStatement(SELECT_READY);
    selectQueued = connection.prepareStatement(SELECT_QUEUED);
    selectOne = connection.prepareStatement(SELECT_ONE);
    anyOrphan = connection.prepareStatement(ANY_ORPHAN);
  }

  boolean orphanExists() throws SQLException {
    anyOrphan.setLong(1, opened);
    try (ResultSet row = anyOrphan.executeQuery()) {
      return row.next();
    }
  }

  /** Those that are ready longest, orphans before all, as many as their queues have places for. */
  List<Ready> find(Set<WorkflowKey> workflows, boolean withOrphans, long now, int countMax)
      throws SQLException {
    Map<String, Queues.Places> places = queues.places(opened);
    String keys = keys(workflows);
    List<Ready> found = withOrphans ? orphans(keys, places, countMax) : new ArrayList<>();
    if (found.size() < countMax) {
      int left = countMax - found.size();
      ready(keys, places, now, left).stream().limit(left).forEach(found::add);
    }
    return found;
  }

  /** That run, where it may be claimed and its queue has a place. */
  Optional<Ready> find(RunId run, long now) throws SQLException {
    selectOne.setString(1, run.text());
    selectOne.setLong(2, now);
    selectOne.setLong(3, opened);
    List<Ready> found = all(selectOne);
    if (found.isEmpty() || found.get(0).queue().isEmpty()) {
      return found.stream().findFirst();
    }
    Ready one = found.get(0);
    Queues.Places places = queues.places(opened).get(one.queue().get());
    boolean hasPlace = places != null && (one.isOrphan() ? places.takeOver() : places.room() > 0);
    return hasPlace ? Optional.of(one) : Optional.empty();
  }

  private List<Ready> orphans(String keys, Map<String, Queues.Places> places, int countMax)
      throws SQLException {
    selectOrphans.setLong(1, opened);
    selectOrphans.setString(2, keys);
    var found = new ArrayList<Ready>();
    try (ResultSet row = selectOrphans.executeQuery()) {
      while (found.size() < countMax && row.next()) {
        Ready orphan = ready(row);
        Optional<Queues.Places> limit = orphan.queue().map(places::get);
        if (limit.isEmpty() || limit.get().takeOver()) {
          found.add(orphan);
        }
      }
    }
    return found;
  }

  private List<Ready> ready(String keys, Map<String, Queues.Places> places, long now, int countMax)
      throws SQLException {
    selectReady.setLong(1, now);
    selectReady.setString(2, keys);
    selectReady.setInt(3, countMax);
    List<Ready> found = all(selectReady);
    for (Queues.Places queue : places.values()) {
      int most = Math.min(countMax, queue.room());
      if (most > 0) {
        selectQueued.setLong(1, now);
        selectQueued.setString(2, queue.name());
        selectQueued.setString(3, keys);
        selectQueued.setInt(4, most);
        found.addAll(all(selectQueued));
      }
    }
    found.sort(Comparator.comparingLong(Ready::since).thenComparingLong(Ready::number));
    return found;
  }

  private static List<Ready> all(PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Ready>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(ready(row));
      }
    }
    return found;
  }

  private static Ready ready(ResultSet row) throws SQLException {
    return new Ready(
        row.getLong(1),
        new RunId(row.getString(2)),
        new WorkflowKey(row.getString(3), row.getString(4)),
        row.getLong(5),
        row.getLong(6),
        Optional.ofNullable(row.getString(7)),
        row.getString(8).equals("EXECUTING"),
        row.getInt(9));
  }

  private static String keys(Set<WorkflowKey> workflows) {
    List<String> keys =
        workflows.stream().map(key -> key.name() + SEPARATOR + key.version()).toList();
    return JsonCodec.standard().encode(keys).text();
  }
}
