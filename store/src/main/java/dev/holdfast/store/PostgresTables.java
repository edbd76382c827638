package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Start;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What any process may write into a store on PostgreSQL, within a transaction. */
final class PostgresTables {
  private static final String FIND =
      "SELECT " + RunTables.STATE_COLUMNS + ", number, gone FROM holdfast.run WHERE id = ?";

  // Whoever gives up a run locks it too: either it sees the mail, or it is seen to be released.
  static final String LOCKED = FIND + " FOR NO KEY UPDATE";
  static final String LOCK =
      "SELECT 1 FROM holdfast.run WHERE id = ANY (?) ORDER BY number FOR NO KEY UPDATE";
  private static final String MAIL =
      "INSERT INTO holdfast.mailbox (run, at, body) VALUES (?, ?, ?)";
  private static final String START =
      "INSERT INTO holdfast.run (id, workflow, version, status, epoch, owner, ready_at, started_at,"
          + " changed_at, input_digest, queue, deduplication, session, subject)"
          + " VALUES (?, ?, ?, 'READY', 0, 0, ?, ?, ?, ?, ?, ?, ?,"
          + " coalesce(?, (SELECT p.subject FROM holdfast.run AS p WHERE p.id = ?)))"
          + " ON CONFLICT (id) DO NOTHING RETURNING number";
  private static final String FIRST =
      "INSERT INTO holdfast.entry (run, sequence, epoch, at, body) VALUES (?, ?, 0, ?, ?)";
  private static final String TEXT =
      "INSERT INTO holdfast.payload (run, digest, text) VALUES (?, ?, ?)"
          + " ON CONFLICT (run, digest) DO NOTHING";
  static final String READY =
      "UPDATE holdfast.run SET status = 'READY', ready_at = ?, owner = 0, changed_at = ?,"
          + " awaits = NULL WHERE number = ?";

  private final Connection connection;
  private final String location;
  private final Vault vault;
  private final PostgresLedger ledger;
  private final PostgresQueues queues;
  private final PostgresSessions sessions;
  private boolean hasWoken;

  PostgresTables(Connection connection, String location, Vault vault) {
    this.connection = connection;
    this.location = location;
    this.vault = vault;
    this.ledger = new PostgresLedger(connection, vault);
    this.queues = new PostgresQueues(connection);
    this.sessions = new PostgresSessions(connection, vault);
  }

  Vault vault() {
    return vault;
  }

  PostgresLedger ledger() {
    return ledger;
  }

  PostgresQueues queues() {
    return queues;
  }

  PostgresSessions sessions() {
    return sessions;
  }

  /** Whether others should look, since a run has become ready or got mail. */
  boolean hasWoken() {
    return hasWoken;
  }

  /** A run became ready. */
  void woke() {
    hasWoken = true;
  }

  Optional<RunState> find(RunId id) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, id.text());
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? Optional.of(RunTables.state(row)) : Optional.empty();
      }
    }
  }

  /** What a start with that id leads to, where there is or was a run of it. */
  private Optional<Start> other(RunId id) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setString(1, id.text());
      try (ResultSet row = find.executeQuery()) {
        return row.next() ? Optional.of(RunTables.taken(row)) : Optional.empty();
      }
    }
  }

  /** What a start leads to whose id is taken. */
  Start taken(RunId run) throws SQLException {
    return other(run)
        .orElseThrow(() ->
            new IllegalStateException(
                "Run %s existed a moment ago and is gone. Start it again.".formatted(run)));
  }

  /** Takes all of these locks, in the same order as everybody does. */
  void lock(PostgresLocks locks) throws SQLException {
    ledger.lock(locks.facts());
    queues.lock(locks.queues());
    sessions.lock(locks.sessions());
    if (!locks.runs().isEmpty()) {
      try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
        lock.setArray(1, connection.createArrayOf("text", locks.runs().toArray()));
        lock.execute();
      }
    }
  }

  /** Accepts a run, ready for anyone or in its turn, or finds the one that has its id. */
  Start start(NewRun run, List<EncodedEntry> beginning) throws SQLException {
    lock(PostgresLocks.of(run));
    Optional<Start> other = run.isAtOnce() ? Optional.empty() : other(run.id());
    other = other.isPresent() ? other : queues.refusal(run);
    return other.isPresent() ? other.get() : insert(run, beginning);
  }

  private Start insert(NewRun run, List<EncodedEntry> beginning) throws SQLException {
    long at = Micros.of(run.at());
    try (PreparedStatement insert = connection.prepareStatement(START)) {
      insert.setString(1, run.id().text());
      insert.setString(2, run.workflow().name());
      insert.setString(3, run.workflow().version());
      insert.setLong(4, RunTables.readyAt(run));
      insert.setLong(5, at);
      insert.setLong(6, at);
      insert.setString(7, run.inputDigest());
      insert.setString(8, run.queue().orElse(null));
      insert.setString(9, run.deduplication().orElse(null));
      insert.setString(10, run.session().orElse(null));
      insert.setString(11, run.subject().map(vault::closeSubject).orElse(null));
      insert.setString(12, run.heirOf().map(RunId::text).orElse(null));
      try (ResultSet row = insert.executeQuery()) {
        if (row.next()) {
          long number = row.getLong(1);
          begin(number, at, beginning);
          if (run.session().isPresent() && !sessions.enter(run.session().get(), number)) {
            sessions.awaitTurn(number, RunTables.readyAt(run), at);
          }
          woke();
          return new Start.Fresh(Optional.empty());
        }
      }
    }
    return taken(run.id());
  }

  private void begin(long run, long at, List<EncodedEntry> beginning) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(FIRST)) {
      for (int sequence = 0; sequence < beginning.size(); sequence++) {
        insert.setLong(1, run);
        insert.setLong(2, sequence);
        insert.setLong(3, at);
        insert.setString(4, beginning.get(sequence).body());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    try (PreparedStatement insert = connection.prepareStatement(TEXT)) {
      for (EncodedEntry entry : beginning) {
        for (EncodedEntry.Text text : entry.texts()) {
          insert.setLong(1, run);
          insert.setString(2, text.digest());
          insert.setString(3, text.text());
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
  }

  /**
   * Puts a message into a run's mailbox and makes it ready unless somebody executes it.
   *
   * @throws IllegalStateException where the run takes no such message
   */
  void send(RunId id, Message message, Instant now) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(LOCKED)) {
      find.setString(1, id.text());
      try (ResultSet row = find.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException(
              "There is no run %s in %s. Check the id.".formatted(id, location));
        }
        RunState state = RunTables.state(row);
        RunTables.refuseEnded(id, state.status(), message);
        RunTables.refuseGone(id, row.getString(13));
        boolean isWoken = RunTables.isWokenBy(message, state, now);
        deliver(row.getLong(12), isWoken, vault.write(id, message), Micros.of(now));
      }
    }
  }

  /** Puts a letter into the mailbox of its run, unless that has ended for good or is gone. */
  void tell(Release.Letter letter, Instant now) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(LOCKED)) {
      find.setString(1, letter.to().text());
      try (ResultSet row = find.executeQuery()) {
        if (row.next() && RunTables.mayGoOn(RunTables.state(row).status())) {
          boolean isWoken = RunTables.isWokenBy(letter.message(), RunTables.state(row), now);
          deliver(
              row.getLong(12), isWoken, vault.write(letter.to(), letter.message()), Micros.of(now));
        }
      }
    }
  }

  private void deliver(long run, boolean isWoken, String message, long at) throws SQLException {
    try (PreparedStatement mail = connection.prepareStatement(MAIL)) {
      mail.setLong(1, run);
      mail.setLong(2, at);
      mail.setString(3, message);
      mail.executeUpdate();
    }
    if (isWoken && !sessions.hasTurn(run)) {
      sessions.awaitTurn(run, at, at);
    } else if (isWoken) {
      try (PreparedStatement ready = connection.prepareStatement(READY)) {
        ready.setLong(1, at);
        ready.setLong(2, at);
        ready.setLong(3, run);
        ready.executeUpdate();
      }
    }
    woke();
  }

  /**
   * Settles a fact in doubt in the place of a run that has ended.
   *
   * @throws IllegalStateException where the fact is not in doubt or its run has not ended
   */
  void settle(Fact settled, Instant now) throws SQLException {
    RunId holder = ledger.requireDoubtful(settled).run();
    RunTables.refuseUnended(settled, holder, find(holder).map(RunState::status));
    keep(settled, Micros.of(now));
  }

  /** Keeps a fact's row. */
  void keep(Fact fact, long at) throws SQLException {
    if (ledger.put(fact, at)) {
      woke();
    }
  }
}
