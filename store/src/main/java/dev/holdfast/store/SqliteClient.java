package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalClient;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A store as a process uses it that does not execute: short transactions on the caller's thread, at
 * the durability {@link Durability#POWER_LOSS}. Safe for many threads.
 */
final class SqliteClient extends ReadThrough implements JournalClient {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");

  @FunctionalInterface
  private interface Work<T> {
    T perform(RunTables tables) throws SQLException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final StoreFile file;
  private final Connection connection;
  private final RunTables tables;
  private final SqliteReader reader;
  private final InstantSource clock;

  private SqliteClient(StoreFile file, Connection connection, Vault vault, InstantSource clock)
      throws SQLException {
    this.file = file;
    this.connection = connection;
    this.clock = clock;
    this.tables = new RunTables(connection, file.toString(), vault);
    this.reader = new SqliteReader(file, vault);
  }

  /** Opens a store that exists. */
  static SqliteClient open(StoreFile file, InstantSource clock, Optional<Encryption> encryption) {
    SqliteReader checked = SqliteReader.open(file, encryption);
    checked.close();
    try {
      Connection connection = Connections.writing(file);
      try {
        return new SqliteClient(file, connection, checked.vault(), clock);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteErrors.notOpened(file, e);
    }
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    List<EncodedEntry> beginning =
        EncodedEntry.beginning(JsonCodec.standard(), reader.vault(), run);
    return write(tables -> tables.accept(run, beginning, 0).start());
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> send(RunId run, Message message) {
    return write(tables -> {
      tables.send(run, message, clock.instant());
      return null;
    });
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> settle(Fact settled) {
    return write(tables -> {
      tables.settle(settled, clock.instant());
      return null;
    });
  }

  @Override
  SqliteReader reader() {
    return reader;
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      reader.close();
      connection.close();
    } catch (SQLException e) {
      throw SqliteErrors.failed(file, e);
    } finally {
      lock.unlock();
    }
  }

  private <T> CompletableFuture<T> write(Work<T> work) {
    lock.lock();
    try {
      return CompletableFuture.completedFuture(inTransaction(work));
    } catch (SQLException e) {
      return CompletableFuture.failedFuture(SqliteErrors.failed(file, e));
    } catch (IllegalStateException | StoreFailed e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
  }

  private static void rollBack(Statement statement) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors; what counts is the one before.
      LOG.log(System.Logger.Level.DEBUG, "Nothing to roll back.", e);
    }
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    if (connection.isClosed()) {
      throw new StoreFailed("The store %s is closed. Open it again.".formatted(file));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      boolean isDone = false;
      try {
        T answer = work.perform(tables);
        statement.execute("COMMIT");
        isDone = true;
        return answer;
      } finally {
        if (!isDone) {
          rollBack(statement);
        }
      }
    }
  }
}
