package dev.holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A bare writer of rows on PostgreSQL: 64 connections, each commits one row after the other. */
final class RawPostgres implements Peer {
  private static final String INSERT =
      "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (?, ?, 1, ?, ?)";

  private final HikariDataSource database;
  private final PeerLedger ledger;
  private final PeerClients clients = new PeerClients();

  RawPostgres(HikariDataSource database, PeerLedger ledger) throws SQLException {
    this.database = database;
    this.ledger = ledger;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS entry (
            run bigint NOT NULL, sequence bigint NOT NULL, epoch bigint NOT NULL,
            at bigint NOT NULL, body text NOT NULL, PRIMARY KEY (run, sequence))
          """);
    }
  }

  private void insert(long run, int steps, Step step) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int i = 0; i < steps; i++) {
        insert.setLong(1, run);
        insert.setLong(2, i);
        insert.setLong(3, System.currentTimeMillis() * 1_000);
        insert.setString(4, step.body(i));
        insert.executeUpdate();
      }
    }
  }

  /** What a row holds. */
  private interface Step {
    String body(int number);
  }

  @Override
  public StepsWorkload.Measured steps(Duration length, int batch) throws Exception {
    return clients.measure(
        length, run -> insert(run, STEPS, i -> RawWriter.body(i, StepsWorkload.answer(run + i))));
  }

  @Override
  public void turns(int count) throws SQLException {
    insert(-1, count, i -> RawWriter.body(i, StepsWorkload.turn(i)));
  }

  @Override
  public void counted(String id, int steps) {
    throw new UnsupportedOperationException("A bare writer recovers nothing.");
  }

  @Override
  public boolean effect(String id) throws Exception {
    ledger.payOnce(id, id);
    return false;
  }

  @Override
  public void close() {
    database.close();
  }
}
