package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a store of either kind for what is done to runs that have ended: short transactions
 * beside whoever executes. In statements {@code @} stands before the name of a table.
 */
abstract class RetentionTables implements AutoCloseable {
  /** What is done within a transaction; may be done again where that one never was. */
  @FunctionalInterface
  interface Work<T> {
    T perform(Within within) throws SQLException;
  }

  /** A row as it is read. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** What is asked of the store as it stands at one moment. */
  @FunctionalInterface
  interface Look<T> {
    T at(Within within, StoreQueries queries) throws SQLException;
  }

  /** Statements of one transaction. */
  final class Within {
    private final Connection connection;

    private Within(Connection connection) {
      this.connection = connection;
    }

    int update(String sql, @Nullable Object... parameters) throws SQLException {
      try (PreparedStatement statement = prepared(sql, parameters)) {
        return statement.executeUpdate();
      }
    }

    <T> List<T> select(String sql, Row<T> mapper, @Nullable Object... parameters)
        throws SQLException {
      var found = new ArrayList<T>();
      try (PreparedStatement statement = prepared(sql, parameters);
          ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(mapper.read(row));
        }
      }
      return found;
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters)
        throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql.replace("@", prefix()));
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement;
    }
  }

  private final Vault vault;

  RetentionTables(Vault vault) {
    this.vault = vault;
  }

  final Vault vault() {
    return vault;
  }

  /** What stands before the name of a table. */
  abstract String prefix();

  /** What ends a select so that nobody changes the row before the transaction ends. */
  abstract String locking();

  /** The column by which the ledger is searched. */
  abstract String factKey();

  /**
   * What stands there for a fact of that name after its erasure, if not what stood there before.
   */
  abstract Optional<String> erasedKey(String name);

  abstract Instant now() throws SQLException;

  abstract String location();

  /** Does all of it or nothing; durable on return. */
  abstract <T> T inTransaction(Work<T> work);

  /** Reads what belongs together, beside whoever writes. */
  abstract <T> T inSnapshot(Look<T> look);

  /** Makes sure that what was overwritten is nowhere else in the store's files. */
  abstract void sweep();

  @Override
  public abstract void close();

  static RetentionTables of(StoreFile file, Optional<Encryption> encryption) {
    SqliteReader reader = SqliteReader.open(file, encryption);
    reader.close();
    try {
      return new InFile(file, Connections.writing(file), reader.vault());
    } catch (SQLException e) {
      throw SqliteErrors.notOpened(file, e);
    }
  }

  static RetentionTables of(PostgresConnections connections, Optional<Encryption> encryption) {
    PostgresReader reader = PostgresReader.open(connections, encryption);
    reader.close();
    return new OnServer(connections, reader);
  }

  private static final class InFile extends RetentionTables {
    private static final int SWEEPS_MAX = 50;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private final ReentrantLock lock = new ReentrantLock();
    private final StoreFile file;
    private final Connection connection;
    private final ReadTables queries;

    InFile(StoreFile file, Connection connection, Vault vault) throws SQLException {
      super(vault);
      this.file = file;
      this.connection = connection;
      this.queries = new ReadTables(connection, vault);
    }

    @Override
    String prefix() {
      return "";
    }

    @Override
    String locking() {
      return "";
    }

    @Override
    String factKey() {
      return "name";
    }

    @Override
    Optional<String> erasedKey(String name) {
      return Ledger.erasedKey(vault(), name);
    }

    @Override
    Instant now() {
      return Instant.now();
    }

    @Override
    String location() {
      return file.toString();
    }

    @Override
    <T> T inTransaction(Work<T> work) {
      return inTransaction("BEGIN IMMEDIATE", work);
    }

    @Override
    <T> T inSnapshot(Look<T> look) {
      return inTransaction("BEGIN", within -> look.at(within, queries));
    }

    private <T> T inTransaction(String begin, Work<T> work) {
      lock.lock();
      try (Statement statement = connection.createStatement()) {
        statement.execute(begin);
        boolean isDone = false;
        try {
          T answer = work.perform(new Within(connection));
          statement.execute("COMMIT");
          isDone = true;
          return answer;
        } finally {
          if (!isDone) {
            statement.execute("ROLLBACK");
          }
        }
      } catch (SQLException e) {
        throw SqliteErrors.failed(file, e);
      } finally {
        lock.unlock();
      }
    }

    /** The log still has what was overwritten, until all of it was copied and it is cut. */
    @Override
    void sweep() {
      lock.lock();
      try {
        for (int sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
          try (Statement statement = connection.createStatement();
              ResultSet answer = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (answer.getInt(1) == 0) {
              return;
            }
          }
          Thread.sleep(PAUSE);
        }
        throw new StoreFailed.Unavailable(
            ("It is done, but %s could not be emptied of what was overwritten: others read all the"
                    + " time. Do it again.")
                .formatted(file.wal()));
      } catch (SQLException e) {
        throw SqliteErrors.failed(file, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreFailed.Unavailable("This was interrupted. Do it again.", e);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        connection.close();
      } catch (SQLException e) {
        throw SqliteErrors.failed(file, e);
      } finally {
        lock.unlock();
      }
    }
  }

  private static final class OnServer extends RetentionTables {
    private static final int REPEATS_MAX = 10;
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);
    private final PostgresConnections connections;
    private final String location;

    OnServer(PostgresConnections connections, PostgresReader reader) {
      super(reader.vault());
      this.connections = connections;
      this.location = reader.location();
    }

    @Override
    String prefix() {
      return "holdfast.";
    }

    @Override
    String locking() {
      return " FOR NO KEY UPDATE";
    }

    @Override
    String factKey() {
      return "key";
    }

    @Override
    Optional<String> erasedKey(String name) {
      return Optional.empty();
    }

    @Override
    Instant now() throws SQLException {
      PostgresConnections.Checked checked = connections.checked();
      checked.connection().close();
      return Micros.instant(checked.nowMicros());
    }

    @Override
    String location() {
      return location;
    }

    @Override
    <T> T inTransaction(Work<T> work) {
      return repeated("READ COMMITTED", (within, queries) -> work.perform(within));
    }

    @Override
    <T> T inSnapshot(Look<T> look) {
      return repeated("REPEATABLE READ, READ ONLY", look);
    }

    private <T> T repeated(String isolation, Look<T> look) {
      for (int repeats = 0; ; repeats++) {
        try {
          return once(isolation, look);
        } catch (SQLException e) {
          boolean isRepeated = PostgresErrors.meaning(e) == PostgresErrors.Meaning.REPEAT;
          if (!isRepeated || repeats == REPEATS_MAX) {
            throw PostgresErrors.failed(location, e);
          }
        }
      }
    }

    private <T> T once(String isolation, Look<T> look) throws SQLException {
      try (Connection connection = connections.checked().connection()) {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET TRANSACTION ISOLATION LEVEL " + isolation);
          PostgresConnections.limit(connection, SILENCE_MAX);
          T answer = look.at(new Within(connection), new PostgresReads(connection, vault()));
          connection.commit();
          connection.setAutoCommit(true);
          return answer;
        } catch (SQLException | RuntimeException e) {
          connection.rollback();
          throw e;
        }
      }
    }

    /** Dead rows stay until the server vacuums; see the documentation. */
    @Override
    void sweep() {}

    @Override
    public void close() {}
  }
}
