package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Mail;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is read from a store, on one connection; for one thread at a time. */
final class ReadTables implements AutoCloseable {
  private static final String UNFINISHED = "status NOT IN ('COMPLETED', 'TRUNCATED', 'FAILED')";
  private static final String NEWEST_FIRST = " ORDER BY changed_at DESC, number DESC";
  private static final String ENTRY_COLUMNS = "SELECT sequence, epoch, at, body, run FROM entry";

  private final Connection connection;
  private final PreparedStatement find;
  private final PreparedStatement entries;
  private final PreparedStatement last;
  private final PreparedStatement text;
  private final PreparedStatement mail;
  private final PreparedStatement firstReady;
  private final JsonCodec codec = JsonCodec.standard();

  ReadTables(Connection connection) throws SQLException {
    this.connection = connection;
    find =
        connection.prepareStatement("SELECT " + RunTables.STATE_COLUMNS + " FROM run WHERE id = ?");
    String ofRun = " WHERE run = (SELECT number FROM run WHERE id = ?)";
    entries =
        connection.prepareStatement(
            ENTRY_COLUMNS + ofRun + " AND sequence >= ? ORDER BY sequence LIMIT ?");
    last = connection.prepareStatement(ENTRY_COLUMNS + ofRun + " ORDER BY sequence DESC LIMIT 1");
    text = connection.prepareStatement("SELECT text FROM payload WHERE run = ? AND digest = ?");
    mail =
        connection.prepareStatement(
            "SELECT number, at, body FROM mailbox" + ofRun + " ORDER BY number");
    firstReady =
        connection.prepareStatement(
            "SELECT ready_at FROM run WHERE ready_at IS NOT NULL ORDER BY ready_at LIMIT 1");
  }

  Optional<RunState> find(RunId run) throws SQLException {
    find.setString(1, run.text());
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(RunTables.state(row)) : Optional.empty();
    }
  }

  List<Recorded> entries(RunId run, long fromSequence, int countMax) throws SQLException {
    entries.setString(1, run.text());
    entries.setLong(2, fromSequence);
    entries.setInt(3, countMax);
    return recorded(entries);
  }

  Optional<Recorded> last(RunId run) throws SQLException {
    last.setString(1, run.text());
    return recorded(last).stream().findFirst();
  }

  List<RunState> runs(Set<Status> statuses, int offset, int countMax) throws SQLException {
    // Spelled out, the condition lets SQLite walk the short index of what has not ended.
    String condition =
        statuses.isEmpty()
            ? ""
            : " WHERE status IN (SELECT value FROM json_each(?))"
                + (statuses.stream().noneMatch(Status::isEnded) ? " AND " + UNFINISHED : "");
    String sql =
        "SELECT "
            + RunTables.STATE_COLUMNS
            + " FROM run"
            + condition
            + NEWEST_FIRST
            + " LIMIT ? OFFSET ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = 1;
      if (!statuses.isEmpty()) {
        statement.setString(next++, codec.encode(statuses).text());
      }
      statement.setInt(next++, countMax);
      statement.setInt(next, offset);
      var states = new ArrayList<RunState>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          states.add(RunTables.state(row));
        }
      }
      return List.copyOf(states);
    }
  }

  List<Mail> mail(RunId run) throws SQLException {
    mail.setString(1, run.text());
    var found = new ArrayList<Mail>();
    try (ResultSet row = mail.executeQuery()) {
      while (row.next()) {
        Instant at = Micros.instant(row.getLong(2));
        found.add(new Mail(row.getLong(1), at, codec.readMessage(row.getString(3))));
      }
    }
    return List.copyOf(found);
  }

  /** From when on the first of all runs may be claimed. */
  Instant firstReady() throws SQLException {
    try (ResultSet row = firstReady.executeQuery()) {
      return row.next() ? Micros.instant(row.getLong(1)) : Instant.MAX;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private List<Recorded> recorded(PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Recorded>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        long run = row.getLong(5);
        Entry entry = EncodedEntry.decode(codec, row.getString(4), digest -> text(run, digest));
        Instant at = Micros.instant(row.getLong(3));
        found.add(new Recorded(row.getLong(1), row.getLong(2), at, entry));
      }
    }
    return List.copyOf(found);
  }

  private String text(long run, String digest) {
    try {
      text.setLong(1, run);
      text.setString(2, digest);
      try (ResultSet row = text.executeQuery()) {
        if (row.next()) {
          return row.getString(1);
        }
      }
    } catch (SQLException e) {
      throw new StoreFailed("A payload could not be read: " + SqliteErrors.describe(e), e);
    }
    throw new StoreFailed(
        "The store lacks a payload that an entry refers to (%s). Restore a backup."
            .formatted(digest));
  }
}
