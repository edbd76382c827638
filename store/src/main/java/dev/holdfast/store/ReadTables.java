package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
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
final class ReadTables implements StoreQueries, AutoCloseable {
  private static final String OF_RUN = " WHERE run = (SELECT number FROM run WHERE id = ?)";
  private static final String ENTRY_COLUMNS =
      "SELECT e.sequence, e.epoch, e.at, e.body, e.run, r.gone FROM run AS r"
          + " JOIN entry AS e ON e.run = r.number WHERE r.id = ?";

  static final String FIND =
      "SELECT " + RunTables.STATE_COLUMNS + " FROM run WHERE id = ? AND " + RunTables.THERE;
  static final String ENTRIES = ENTRY_COLUMNS + " AND e.sequence >= ? ORDER BY e.sequence LIMIT ?";
  static final String LAST = ENTRY_COLUMNS + " ORDER BY e.sequence DESC LIMIT 1";
  static final String TEXT = "SELECT text FROM payload WHERE run = ? AND digest = ?";
  static final String MAIL = "SELECT number, at, body FROM mailbox" + OF_RUN + " ORDER BY number";
  static final String FIRST_READY =
      "SELECT ready_at FROM run WHERE ready_at IS NOT NULL AND queue IS NULL"
          + " ORDER BY ready_at LIMIT 1";

  static final String WITH_MAIL =
      "SELECT DISTINCT run FROM mailbox WHERE run IN (SELECT value FROM json_each(?))";

  private final Connection connection;
  private final Vault vault;
  private final PreparedStatement find;
  private final PreparedStatement number;
  private final PreparedStatement entries;
  private final PreparedStatement last;
  private final PreparedStatement text;
  private final PreparedStatement mail;
  private final PreparedStatement firstReady;
  private final PreparedStatement withMail;
  private final PreparedStatement fact;
  private final PreparedStatement firstQueued;
  private final PreparedStatement load;
  private final PreparedStatement sessionState;
  private final PreparedStatement behind;
  private final JsonCodec codec = JsonCodec.standard();

  ReadTables(Connection connection, Vault vault) throws SQLException {
    this.vault = vault;
    this.connection = connection;
    find = connection.prepareStatement(FIND);
    number = connection.prepareStatement("SELECT number FROM run WHERE id = ?");
    entries = connection.prepareStatement(ENTRIES);
    last = connection.prepareStatement(LAST);
    text = connection.prepareStatement(TEXT);
    mail = connection.prepareStatement(MAIL);
    firstReady = connection.prepareStatement(FIRST_READY);
    withMail = connection.prepareStatement(WITH_MAIL);
    fact = connection.prepareStatement(Ledger.FIND);
    firstQueued = connection.prepareStatement(Queues.FIRST_READY);
    load = connection.prepareStatement(Queues.LOAD);
    sessionState = connection.prepareStatement(Sessions.STATE);
    behind = connection.prepareStatement(Sessions.BEHIND);
  }

  @Override
  public Optional<RunState> find(RunId run) throws SQLException {
    find.setString(1, run.text());
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(RunTables.state(row)) : Optional.empty();
    }
  }

  @Override
  public List<Recorded> entries(RunId run, long fromSequence, int countMax) throws SQLException {
    entries.setString(1, run.text());
    entries.setLong(2, fromSequence);
    entries.setInt(3, countMax);
    return recorded(run, entries);
  }

  @Override
  public Optional<Recorded> last(RunId run) throws SQLException {
    last.setString(1, run.text());
    return recorded(run, last).stream().findFirst();
  }

  @Override
  public List<RunState> runs(Set<Status> statuses, int offset, int countMax) throws SQLException {
    boolean isFiltered = !statuses.isEmpty();
    String sql = runsSql(isFiltered, isFiltered && statuses.stream().noneMatch(Status::isEnded));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = 1;
      if (isFiltered) {
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

  static String runsSql(boolean isFiltered, boolean isOfUnfinished) {
    // Spelled out, the first condition lets SQLite walk the short index of what has not ended;
    // the plus keeps it from looking up one status after the other instead.
    return "SELECT "
        + RunTables.STATE_COLUMNS
        + " FROM run WHERE "
        + (isOfUnfinished ? RunTables.NOT_ENDED : RunTables.THERE)
        + (isFiltered ? " AND +status IN (SELECT value FROM json_each(?))" : "")
        + " ORDER BY changed_at DESC, number DESC LIMIT ? OFFSET ?";
  }

  @Override
  public List<Message.Mail> mail(RunId run) throws SQLException {
    mail.setString(1, run.text());
    var found = new ArrayList<Message.Mail>();
    try (ResultSet row = mail.executeQuery()) {
      while (row.next()) {
        Instant at = Micros.instant(row.getLong(2));
        found.add(new Message.Mail(row.getLong(1), at, vault.readMessage(run, row.getString(3))));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public Optional<Fact> fact(String name) throws SQLException {
    fact.setString(1, vault.name(name));
    fact.setString(2, Ledger.erasedKey(vault, name).orElse(null));
    return facts(fact).stream().findFirst().flatMap(found -> Ledger.named(found, name));
  }

  @Override
  public List<Fact> facts(Fact.State state, int countMax) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(factsSql(state))) {
      statement.setInt(1, countMax);
      return facts(statement);
    }
  }

  static String factsSql(Fact.State state) {
    // Spelled out, the second condition lets SQLite walk the short index of what is still open.
    return "SELECT body FROM fact WHERE state = '"
        + state
        + (state == Fact.State.HAPPENED ? "'" : "' AND state <> 'HAPPENED'")
        + " ORDER BY name LIMIT ?";
  }

  private List<Fact> facts(PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Fact>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(vault.readFact(row.getString(1)));
      }
    }
    return List.copyOf(found);
  }

  /** Which of those runs, given by their numbers, have mail. */
  List<Long> withMail(Set<Long> runs) throws SQLException {
    withMail.setString(1, codec.encode(runs).text());
    var found = new ArrayList<Long>();
    try (ResultSet row = withMail.executeQuery()) {
      while (row.next()) {
        found.add(row.getLong(1));
      }
    }
    return List.copyOf(found);
  }

  /** From when on the first of all runs whose queue has room may be claimed by that owner. */
  Instant firstReady(long owner) throws SQLException {
    firstQueued.setLong(1, owner);
    Instant unqueued = time(firstReady);
    Instant queued = time(firstQueued);
    return queued.isBefore(unqueued) ? queued : unqueued;
  }

  private static Instant time(PreparedStatement asked) throws SQLException {
    try (ResultSet row = asked.executeQuery()) {
      long micros = row.next() ? row.getLong(1) : Long.MAX_VALUE;
      return micros == Long.MAX_VALUE || row.wasNull() ? Instant.MAX : Micros.instant(micros);
    }
  }

  @Override
  public Optional<Queue.Load> load(String queue) throws SQLException {
    load.setString(1, queue);
    return Queues.load(load);
  }

  @Override
  public Optional<Payload> sessionState(String session) throws SQLException {
    sessionState.setString(1, session);
    try (ResultSet row = sessionState.executeQuery()) {
      return row.next()
          ? Optional.of(Sessions.state(vault, session, row.getString(1)))
          : Optional.empty();
    }
  }

  @Override
  public int behind(RunId run) throws SQLException {
    behind.setString(1, run.text());
    try (ResultSet row = behind.executeQuery()) {
      return row.getInt(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private List<Recorded> recorded(RunId id, PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Recorded>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        long run = row.getLong(5);
        long sequence = row.getLong(1);
        String body = row.getString(4);
        Entry entry =
            row.getString(6) != null
                ? EncodedEntry.erased(codec.read(body))
                : EncodedEntry.decode(
                    codec, seal(id, run), sequence, body, digest -> text(run, digest));
        Instant at = Micros.instant(row.getLong(3));
        found.add(new Recorded(sequence, row.getLong(2), at, entry));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public Seal seal(RunId run) throws SQLException {
    number.setString(1, run.text());
    try (ResultSet row = number.executeQuery()) {
      // Who writes to a run that is none is told so by what it writes.
      return row.next() ? seal(run, row.getLong(1)) : vault.fresh(run);
    }
  }

  private Seal seal(RunId id, long run) {
    return vault.known(id).orElseGet(() -> vault.of(id, text(run, Vault.KEY_ROW)));
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
      throw SqliteErrors.unread("A payload", e);
    }
    throw lacking(digest);
  }

  private static StoreFailed lacking(String digest) {
    return new StoreFailed.Damaged(
        "The store lacks a payload that an entry refers to (%s). Restore a backup."
            .formatted(digest));
  }
}
