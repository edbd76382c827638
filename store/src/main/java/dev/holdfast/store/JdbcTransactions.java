package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Transactions of any JDBC database, each with its dedupe row: the work happens once for a key.
 *
 * <p>The work gets a connection on which it must not commit, roll back or close. A repeat waits for
 * a transaction that is still open elsewhere, at most nine tenths of the effect's timeout, in whole
 * seconds and at least one; on SQLite, for the connection's busy timeout. Then it has done nothing
 * and is tried again. Safe for many threads where the data source is. Where Spring manages the
 * transactions, use {@code SpringTransactions}.
 */
public final class JdbcTransactions implements Transactions<Connection> {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");

  private final DataSource source;

  private JdbcTransactions(DataSource source) {
    this.source = source;
  }

  /** Transactions over that data source, whose database has the table of {@link #createTable}. */
  public static JdbcTransactions over(DataSource source) {
    return new JdbcTransactions(source);
  }

  /**
   * Makes the table {@code holdfast_effect} where it is missing. Its statement also ships as the
   * resource {@code dev/holdfast/store/effect.sql}, for databases whose schema is kept elsewhere.
   */
  public JdbcTransactions createTable() {
    EffectTable.create(source);
    return this;
  }

  @Override
  public <I, O> Guarded<O> once(
      IdempotencyKey key,
      I input,
      Work<Connection, ? super I, O> work,
      Function<O, Payload> encode,
      Duration atMost)
      throws Exception {
    return new ExactlyOnce(this::begin).once(key, input, work, encode, atMost);
  }

  private Open begin() throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(false);
      return new Open(connection);
    } catch (SQLException e) {
      giveBack(connection);
      throw e;
    }
  }

  /** A transaction on a connection that is its own. */
  private record Open(Connection connection) implements OpenTransaction {
    @Override
    public void commit() throws Exception {
      try {
        connection.commit();
      } catch (SQLException e) {
        throw EffectTable.isRolledBack(e) ? new RolledBack(e) : e;
      } finally {
        giveBack(connection);
      }
    }

    @Override
    public void rollback() throws SQLException {
      try {
        connection.rollback();
      } finally {
        giveBack(connection);
      }
    }
  }

  /**
   * Closes it as it is: to set a connection to commit by itself would commit what a failed rollback
   * left open, and pools hand out their connections in that mode anyway.
   */
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The outcome stands by now, whatever becomes of the connection.
      LOG.log(System.Logger.Level.WARNING, "A connection could not be given back.", e);
    }
  }
}
