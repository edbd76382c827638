package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Whose turn it is in each session of a store, within a transaction of its connection. */
final class Sessions {
  static final String KEY = "SELECT session FROM run WHERE number = ? AND session IS NOT NULL";
  static final String NEXT =
      "SELECT number FROM run WHERE session = ? AND turn_at IS NOT NULL ORDER BY number LIMIT 1";
  static final String STATE = "SELECT state FROM session WHERE key = ? AND state IS NOT NULL";
  static final String BEHIND =
      "SELECT count(*) FROM run WHERE turn_at IS NOT NULL AND session ="
          + " (SELECT key FROM session JOIN run turn ON turn.session = session.key"
          + " AND turn.number = session.turn WHERE turn.id = ?)";

  private final Vault vault;
  private final PreparedStatement enter;
  private final PreparedStatement awaitTurn;
  private final PreparedStatement key;
  private final PreparedStatement next;
  private final PreparedStatement end;
  private final PreparedStatement giveTurn;

  Sessions(Connection connection, Vault vault) throws SQLException {
    this.vault = vault;
    enter =
        connection.prepareStatement(
            "INSERT INTO session (key, turn) VALUES (?1, ?2) ON CONFLICT (key)"
                + " DO UPDATE SET turn = ?2 WHERE turn IS NULL OR turn = ?2");
    awaitTurn =
        connection.prepareStatement(
            "UPDATE run SET status = 'READY', ready_at = NULL, turn_at = ?, owner = 0,"
                + " changed_at = ?, awaits = NULL WHERE number = ?");
    key = connection.prepareStatement(KEY);
    next = connection.prepareStatement(NEXT);
    end =
        connection.prepareStatement(
            "UPDATE session SET turn = ?1, state = coalesce(?2, state),"
                + " state_run = CASE WHEN ?2 IS NULL THEN state_run ELSE ?4 END WHERE key = ?3");
    giveTurn =
        connection.prepareStatement(
            "UPDATE run SET ready_at = max(turn_at, ?1), turn_at = NULL, changed_at = ?1"
                + " WHERE number = ?2");
  }

  /** What is kept of the state of a session. */
  static String kept(Vault vault, String session, Payload state) {
    return vault.close("state of session " + session, state.text());
  }

  /** The state again. */
  static Payload state(Vault vault, String session, String kept) {
    return new Payload(vault.open("state of session " + session, kept));
  }

  /** Whether the run has the turn of its session now, or needs none. */
  boolean hasTurn(long run) throws SQLException {
    Optional<String> session = key(run);
    return session.isEmpty() || enter(session.get(), run);
  }

  /** Gives a run the turn of that session unless another has it; whether it has it now. */
  boolean enter(String session, long run) throws SQLException {
    enter.setString(1, session);
    enter.setLong(2, run);
    return enter.executeUpdate() > 0;
  }

  /** Lets a run wait for its turn, and from then on until that time. */
  void awaitTurn(long run, long readyAt, long at) throws SQLException {
    awaitTurn.setLong(1, readyAt);
    awaitTurn.setLong(2, at);
    awaitTurn.setLong(3, run);
    awaitTurn.executeUpdate();
  }

  /** Gives the turn of a run that has ended to the next of its session. */
  void ended(long run, Optional<Payload> handedOn, long at) throws SQLException {
    Optional<String> session = key(run);
    if (session.isEmpty()) {
      return;
    }
    Optional<Long> successor = next(session.get());
    end.setObject(1, successor.orElse(null));
    end.setString(2, handedOn.map(state -> kept(vault, session.get(), state)).orElse(null));
    end.setString(3, session.get());
    end.setLong(4, run);
    end.executeUpdate();
    if (successor.isPresent()) {
      giveTurn(successor.get(), at);
    }
  }

  private void giveTurn(long run, long at) throws SQLException {
    giveTurn.setLong(1, at);
    giveTurn.setLong(2, run);
    giveTurn.executeUpdate();
  }

  private Optional<String> key(long run) throws SQLException {
    key.setLong(1, run);
    try (ResultSet row = key.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  private Optional<Long> next(String session) throws SQLException {
    next.setString(1, session);
    try (ResultSet row = next.executeQuery()) {
      return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
    }
  }
}
