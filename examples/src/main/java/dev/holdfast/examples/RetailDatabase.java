package dev.holdfast.examples;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * The file that holds what worlds changed and their ledgers: the outside of an agent. What is
 * committed survives the death of the process, not a loss of power. Many processes may open one
 * file, and many threads may use one instance.
 */
final class RetailDatabase implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 8;
  private static final int WAIT_SECONDS_MAX = 30;

  private final Path file;
  private final Clock clock;
  private final SQLiteDataSource source;
  private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
  private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

  private RetailDatabase(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    config.setBusyTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_SECONDS_MAX));
    this.source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
  }

  /**
   * Opens the file, or creates it.
   *
   * @throws RetailDatabaseFailed if the file can be neither opened nor created
   */
  static RetailDatabase open(Path file, Clock clock) {
    RetailDatabase database = new RetailDatabase(file, clock);
    database.inTransaction(RetailDatabase::createTables);
    return database;
  }

  private static boolean createTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(RetailRows.DDL);
      statement.execute(RetailLedger.DDL);
      return statement.execute(RetailLedger.KEY_DDL);
    }
  }

  /** Connections for a caller who ends its transactions itself; each is new and is the caller's. */
  DataSource source() {
    return source;
  }

  Clock clock() {
    return clock;
  }

  /** What is done with a connection. */
  interface Work<T> {
    T apply(Connection connection) throws SQLException;
  }

  /** Reads, each statement for itself. */
  <T> T read(Work<T> work) {
    return lend(work);
  }

  /** Commits what the work did, or nothing of it. */
  <T> T inTransaction(Work<T> work) {
    return lend(connection -> {
      connection.setAutoCommit(false);
      T result = work.apply(connection);
      connection.commit();
      connection.setAutoCommit(true);
      return result;
    });
  }

  private <T> T lend(Work<T> work) {
    acquire();
    try {
      return work(work);
    } catch (SQLException failure) {
      throw new RetailDatabaseFailed(
          "The world's database %s failed; nothing of this call is in it.".formatted(file),
          failure);
    } finally {
      permits.release();
    }
  }

  private <T> T work(Work<T> work) throws SQLException {
    Connection pooled = idle.poll();
    Connection connection = pooled == null ? source.getConnection() : pooled;
    boolean whole = false;
    try {
      T result = work.apply(connection);
      whole = true;
      return result;
    } finally {
      if (whole) {
        idle.add(connection);
      } else {
        // Closing rolls back, whatever state the failure left.
        connection.close();
      }
    }
  }

  private void acquire() {
    try {
      if (!permits.tryAcquire(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new RetailDatabaseFailed(
            """
            The world's database %s had no free connection of %d for %d seconds; \
            call with fewer threads.\
            """
                .formatted(file, CONNECTIONS_MAX, WAIT_SECONDS_MAX));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new RetailDatabaseFailed(
          "A call to the world's database %s was interrupted before it began.".formatted(file),
          stopped);
    }
  }

  /** Closes the idle connections; calls still under way fail or end by themselves. */
  @Override
  public void close() {
    for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
      try {
        connection.close();
      } catch (SQLException failure) {
        throw new RetailDatabaseFailed("Closing the world's database failed: " + file, failure);
      }
    }
  }
}
