package dev.holdfast.store;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Transactions of any JDBC database, each with its dedupe row: the work happens once for a key.
 *
 * <p>The work gets a connection on which it must not commit, roll back or close. How long a repeat
 * waits for a transaction that is still open elsewhere is the database's own lock timeout. Safe for
 * many threads where the data source is.
 */
public final class JdbcTransactions implements Transactions<Connection> {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  private static final int INSERTS_MAX = 3;

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
    try (Connection connection = source.getConnection()) {
      EffectTable.create(connection);
      return this;
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The table holdfast_effect could not be made. Run effect.sql by hand.", e);
    }
  }

  @Override
  public <I, O> Guarded<O> once(
      IdempotencyKey key, I input, Work<Connection, ? super I, O> work, Function<O, Payload> encode)
      throws Exception {
    Connection connection = connect();
    try {
      Optional<Payload> earlier = claim(connection, key);
      return earlier.isPresent()
          ? new Guarded.Repeated<>(earlier.get())
          : new Guarded.Done<>(perform(connection, key, input, work, encode));
    } finally {
      giveBack(connection);
    }
  }

  private Connection connect() throws RolledBack {
    Connection connection = null;
    try {
      connection = source.getConnection();
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      if (connection != null) {
        giveBack(connection);
      }
      throw new RolledBack(e);
    }
  }

  /** Inserts the key's row, or finds the result of the transaction that did so before. */
  private static Optional<Payload> claim(Connection connection, IdempotencyKey key)
      throws RolledBack {
    for (int attempt = 1; ; attempt++) {
      try {
        EffectTable.insert(connection, key);
        return Optional.empty();
      } catch (SQLException failure) {
        undo(connection, failure);
        Optional<Payload> earlier = earlier(connection, key, failure);
        if (earlier.isPresent()) {
          return earlier;
        }
        // The row was there and is gone: its transaction has rolled back, so it is free again.
        if (attempt == INSERTS_MAX || !EffectTable.isDuplicate(failure)) {
          throw new RolledBack(failure);
        }
      }
    }
  }

  private static Optional<Payload> earlier(
      Connection connection, IdempotencyKey key, SQLException failure) throws RolledBack {
    try {
      Optional<Payload> result = EffectTable.result(connection, key);
      connection.rollback();
      return result;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw new RolledBack(failure);
    }
  }

  private static <I, O> O perform(
      Connection connection,
      IdempotencyKey key,
      I input,
      Work<Connection, ? super I, O> work,
      Function<O, Payload> encode)
      throws Exception {
    O result;
    try {
      result = work.apply(GuardedConnection.around(connection), input);
      EffectTable.keep(connection, key, encode.apply(result));
    } catch (Exception e) {
      undo(connection, e);
      throw new RolledBack(e);
    } catch (Error e) {
      undo(connection, e);
      throw e;
    }
    // From here on a failure leaves open whether the database has committed.
    connection.commit();
    return result;
  }

  /** A connection that cannot even roll back is lost, and its transaction with it. */
  private static void undo(Connection connection, Throwable why) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      why.addSuppressed(e);
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
