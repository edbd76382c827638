package dev.holdfast.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A connection of the one who executes a file's runs, with all that is prepared on it. The driver
 * throws a statement away that failed, so after most errors another session is begun.
 */
final class WriteSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");

  private final Connection connection;
  private final ExecutorTables tables;
  private final Checkpoints checkpoints;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;

  private WriteSession(Connection connection, ExecutorTables tables) throws SQLException {
    this.connection = connection;
    this.tables = tables;
    this.checkpoints = new Checkpoints(connection);
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.commit = connection.prepareStatement("COMMIT");
    this.rollback = connection.prepareStatement("ROLLBACK");
  }

  /** Takes that connection over, also where it fails. */
  static WriteSession over(
      Connection connection, StoreFile file, long opened, Vault vault, Claims claims)
      throws SQLException {
    try {
      var tables = new ExecutorTables(connection, file.toString(), opened, vault, claims);
      return new WriteSession(connection, tables);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  ExecutorTables tables() {
    return tables;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  void begin() throws SQLException {
    begin.execute();
  }

  void commit() throws SQLException {
    commit.execute();
  }

  void rollBack() {
    try {
      rollback.execute();
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors; then there is nothing to undo.
      LOG.log(System.Logger.Level.DEBUG, "Nothing to roll back.", e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
