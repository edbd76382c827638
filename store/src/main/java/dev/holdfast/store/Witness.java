package dev.holdfast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Tells whether a transaction whose commit failed is in the store after all, by one thing that it
 * wrote: a transaction is kept whole or not at all. For the writer's thread alone.
 */
final class Witness {
  private static final long UNKNOWN = -1;

  @FunctionalInterface
  private interface Question {
    PreparedStatement asked() throws SQLException;
  }

  private final long opened;
  private final PreparedStatement changes;
  private final PreparedStatement mark;
  private final PreparedStatement isMarked;
  private final PreparedStatement isHeld;
  private final PreparedStatement isReleased;
  private Question question;
  private long marks;
  private long changesBefore = UNKNOWN;

  Witness(Connection connection, long opened) throws SQLException {
    this.opened = opened;
    changes = connection.prepareStatement("SELECT total_changes()");
    mark =
        connection.prepareStatement(
            "INSERT INTO meta (name, value) VALUES ('batch', ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    isMarked = connection.prepareStatement("SELECT value = ? FROM meta WHERE name = 'batch'");
    isHeld =
        connection.prepareStatement(
            "SELECT epoch = ?2 AND owner = ?3"
                + " AND (SELECT max(sequence) FROM entry WHERE run = ?1) = ?4"
                + " FROM run WHERE number = ?1");
    isReleased = connection.prepareStatement("SELECT owner <> ?2 FROM run WHERE number = ?1");
    question = this::marked;
  }

  /** Says what the transaction leaves; where that is neither, it gets a mark. */
  void seal(Optional<Claims.Held> held, Optional<Long> released) throws SQLException {
    long before = changesBefore;
    changesBefore = UNKNOWN;
    if (held.isPresent()) {
      question = () -> held(held.get());
    } else if (released.isPresent()) {
      question = () -> released(released.get());
    } else if (changes() != before) {
      leaveAMark();
    } else {
      changesBefore = before;
    }
  }

  private void leaveAMark() throws SQLException {
    mark.setLong(1, number(++marks));
    mark.executeUpdate();
    question = this::marked;
    changesBefore = changes();
  }

  /** Of this opening and this transaction alone. */
  private long number(long transaction) {
    return (opened << Integer.SIZE) + transaction;
  }

  private long changes() throws SQLException {
    try (ResultSet row = changes.executeQuery()) {
      return row.getLong(1);
    }
  }

  private PreparedStatement marked() throws SQLException {
    isMarked.setLong(1, number(marks));
    return isMarked;
  }

  private PreparedStatement held(Claims.Held held) throws SQLException {
    isHeld.setLong(1, held.run());
    isHeld.setLong(2, held.epoch());
    isHeld.setLong(3, opened);
    isHeld.setLong(4, held.nextSequence() - 1);
    return isHeld;
  }

  private PreparedStatement released(long run) throws SQLException {
    isReleased.setLong(1, run);
    isReleased.setLong(2, opened);
    return isReleased;
  }

  /** Whether the transaction that was sealed last is there. */
  boolean isKept() throws SQLException {
    try (ResultSet row = question.asked().executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }
}
