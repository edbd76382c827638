package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whose turn it is in each session of a store on PostgreSQL, within a transaction.
 *
 * <p>Who gives a turn, takes it or waits for it locks the session's row first, and gets its number
 * only then: so the order of numbers is the order in which the runs of a session became durable.
 */
final class PostgresSessions {
  static final String NEXT =
      "SELECT number, turn_at FROM holdfast.run WHERE session = ? AND turn_at IS NOT NULL"
          + " ORDER BY number LIMIT 1";
  static final String STATE = "SELECT state FROM holdfast.session WHERE key = ?";
  static final String BEHIND =
      "SELECT count(*) FROM holdfast.run WHERE turn_at IS NOT NULL AND session ="
          + " (SELECT key FROM holdfast.session JOIN holdfast.run AS turn"
          + " ON turn.session = session.key AND turn.number = session.turn WHERE turn.id = ?)";

  private static final String MAKE =
      "INSERT INTO holdfast.session (key) SELECT key FROM unnest(?) AS key ORDER BY key"
          + " ON CONFLICT (key) DO NOTHING";
  private static final String LOCK =
      "SELECT 1 FROM holdfast.session WHERE key = ANY (?) ORDER BY key FOR NO KEY UPDATE";
  private static final String ENTER =
      "UPDATE holdfast.session SET turn = ? WHERE key = ? AND (turn IS NULL OR turn = ?)";
  private static final String AWAIT_TURN =
      "UPDATE holdfast.run SET status = 'READY', ready_at = NULL, turn_at = ?, owner = 0,"
          + " changed_at = ?, awaits = NULL WHERE number = ?";
  static final String KEY =
      "SELECT session FROM holdfast.run WHERE number = ? AND session IS NOT NULL";
  private static final String END =
      "UPDATE holdfast.session SET turn = ?, state_run = CASE WHEN ?::text IS NULL"
          + " THEN state_run ELSE ? END, state = coalesce(?, state) WHERE key = ?";
  private static final String GIVE_TURN =
      "UPDATE holdfast.run SET ready_at = greatest(turn_at, ?), turn_at = NULL, changed_at = ?"
          + " WHERE number = ?";

  private final Connection connection;
  private final Vault vault;
  private final Set<String> locked = new HashSet<>();

  PostgresSessions(Connection connection, Vault vault) {
    this.vault = vault;
    this.connection = connection;
  }

  /** Keeps others from taking or giving a turn of these sessions until this transaction ends. */
  void lock(Set<String> sessions) throws SQLException {
    Object[] added = sessions.stream().filter(locked::add).toArray();
    if (added.length > 0) {
      Array keys = connection.createArrayOf("text", added);
      update(MAKE, keys);
      try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
        lock.setArray(1, keys);
        lock.execute();
      }
    }
  }

  /** Whether the run has the turn of its session now, or needs none. */
  boolean hasTurn(long run) throws SQLException {
    Optional<String> session = key(run);
    if (session.isEmpty()) {
      return true;
    }
    lock(Set.of(session.get()));
    return enter(session.get(), run);
  }

  /** Gives a run the turn of a locked session unless another has it; whether it has it now. */
  boolean enter(String session, long run) throws SQLException {
    return update(ENTER, run, session, run) > 0;
  }

  /** Lets a run wait for its turn, and from then on until that time. */
  void awaitTurn(long run, long readyAt, long at) throws SQLException {
    update(AWAIT_TURN, readyAt, at, run);
  }

  /** Gives the turn of a run that has ended to the next of its session. */
  void ended(long run, Optional<Payload> handedOn, long at) throws SQLException {
    Optional<String> session = key(run);
    if (session.isEmpty()) {
      return;
    }
    lock(Set.of(session.get()));
    Optional<Long> successor = next(session.get());
    try (PreparedStatement end = connection.prepareStatement(END)) {
      end.setObject(1, successor.orElse(null), java.sql.Types.BIGINT);
      String left = handedOn.map(state -> Sessions.kept(vault, session.get(), state)).orElse(null);
      end.setString(2, left);
      end.setLong(3, run);
      end.setString(4, left);
      end.setString(5, session.get());
      end.executeUpdate();
    }
    if (successor.isPresent()) {
      update(GIVE_TURN, at, at, successor.get());
    }
  }

  private Optional<String> key(long run) throws SQLException {
    try (PreparedStatement key = connection.prepareStatement(KEY)) {
      key.setLong(1, run);
      try (ResultSet row = key.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  private Optional<Long> next(String session) throws SQLException {
    try (PreparedStatement next = connection.prepareStatement(NEXT)) {
      next.setString(1, session);
      try (ResultSet row = next.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  private int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        update.setObject(i + 1, parameters[i]);
      }
      return update.executeUpdate();
    }
  }
}
