package dev.holdfast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Decides when the write-ahead log is copied into the database: when the writer is idle or the log
 * has grown, never within a commit that somebody waits for. For the writer's thread alone.
 */
final class Checkpoints implements AutoCloseable {
  /** How much of the log may wait to be copied, in bytes. */
  static final long WAITING_MAX = 16 << 20;

  private static final long LOOK_EVERY_CHARACTERS = 1 << 20;
  private static final int LOOK_EVERY_COMMITS = 64;

  private final PreparedStatement look;
  private final PreparedStatement copy;
  private final PreparedStatement copyAll;
  private final long pageSize;
  private long characters;
  private int commits;
  private boolean isBehind;

  Checkpoints(Connection connection) throws SQLException {
    pageSize = Long.parseLong(Connections.answer(connection, "page_size"));
    look = connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)");
    copy = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    copyAll = connection.prepareStatement("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  void committed(long written) throws SQLException {
    isBehind = true;
    characters += written;
    commits++;
    if (characters >= LOOK_EVERY_CHARACTERS || commits >= LOOK_EVERY_COMMITS) {
      characters = 0;
      commits = 0;
      if (waitingBytes(look) >= WAITING_MAX) {
        waitingBytes(copy);
      }
    }
  }

  void idle() throws SQLException {
    if (isBehind) {
      isBehind = false;
      waitingBytes(copy);
    }
  }

  /** Empties the log. */
  @Override
  public void close() throws SQLException {
    waitingBytes(copyAll);
  }

  private long waitingBytes(PreparedStatement checkpoint) throws SQLException {
    try (ResultSet answer = checkpoint.executeQuery()) {
      return (answer.getLong(2) - answer.getLong(3)) * pageSize;
    }
  }
}
