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

  /** Statements of one transaction. */
  final class Within {
    private final Connection connection;

    private Within(Connection connection) {
      this.connection = connection;
    }

    int update(String sql, Object... parameters) throws SQLException {
      try (PreparedStatement statement = prepared(sql, parameters)) {
        return statement.executeUpdate();
      }
    }

    <T> List<T> select(String sql, Row<T> mapper, Object... parameters) throws SQLException {
      var found = new ArrayList<T>();
      try (PreparedStatement statement = prepared(sql, parameters);
          ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(mapper.read(row));
        }
      }
      return found;
    }

    private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
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

    InFile(StoreFile file, Connection connection, Vault vault) {
      super(vault);
      this.file = file;
      this.connection = connection;
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
      lock.lock();
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
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
            ("The data is erased, but %s could not be emptied of it: others read all the time."
                    + " Erase again.")
                .formatted(file.wal()));
      } catch (SQLException e) {
        throw SqliteErrors.failed(file, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreFailed.Unavailable("The erasure was interrupted. Erase again.", e);
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
      for (int repeats = 0; ; repeats++) {
        try {
          return once(work);
        } catch (SQLException e) {
          boolean isRepeated = PostgresErrors.meaning(e) == PostgresErrors.Meaning.REPEAT;
          if (!isRepeated || repeats == REPEATS_MAX) {
            throw PostgresErrors.failed(location, e);
          }
        }
      }
    }

    private <T> T once(Work<T> work) throws SQLException {
      try (Connection connection = connections.checked().connection()) {
        connection.setAutoCommit(false);
        try {
          PostgresConnections.limit(connection, SILENCE_MAX);
          T answer = work.perform(new Within(connection));
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
