package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads a store on a few connections of its own that can write nothing; safe for many threads. */
final class SqliteReader extends QueryReader<ReadTables> {
  private static final int CONNECTIONS_MAX = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StoreFile file;
  private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
  private final Deque<ReadTables> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean isClosed;

  /** Reads a store that is known to be one. */
  SqliteReader(StoreFile file, Vault vault) {
    super(vault);
    this.file = file;
  }

  /** Opens a store that exists. */
  static SqliteReader open(StoreFile file, Optional<Encryption> encryption) {
    try (Connection connection = Connections.reading(file)) {
      Schema.requireCurrent(connection, file);
      EntryFormat.require(connection, file.toString());
      return new SqliteReader(file, StoreKey.vault(connection, file.toString(), encryption));
    } catch (SQLException e) {
      throw SqliteErrors.notOpened(file, e);
    }
  }

  /** Which of those runs, given by their numbers, have mail. */
  List<Long> withMail(Set<Long> runs) {
    return read(tables -> tables.withMail(runs));
  }

  /** From when on the first of all runs may be claimed by that owner, or {@link Instant#MAX}. */
  Instant firstReady(long owner) {
    return read(tables -> tables.firstReady(owner));
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      boolean isQuiet =
          permits.tryAcquire(CONNECTIONS_MAX, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      closeIdle();
      if (isQuiet) {
        permits.release(CONNECTIONS_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw SqliteErrors.failed(file, e);
    }
  }

  @Override
  <T> T read(Query<ReadTables, T> query) {
    acquire();
    try {
      if (isClosed) {
        throw new StoreFailed("The store %s is closed. Open it again.".formatted(file));
      }
      return asked(query);
    } catch (SQLException e) {
      throw SqliteErrors.failed(file, e);
    } finally {
      permits.release();
    }
  }

  private <T> T asked(Query<ReadTables, T> query) throws SQLException {
    ReadTables used = idle.poll();
    ReadTables tables = used == null ? new ReadTables(Connections.reading(file), vault()) : used;
    boolean isUsable = false;
    try {
      T answer = query.ask(tables);
      isUsable = true;
      return answer;
    } finally {
      putBack(tables, isUsable);
    }
  }

  private void putBack(ReadTables tables, boolean isUsable) throws SQLException {
    if (isUsable) {
      idle.push(tables);
    } else {
      tables.close();
    }
  }

  private void acquire() {
    try {
      if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreFailed(
            "The store %s answered no read for %s. Check the disk.".formatted(file, PATIENCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("The read of %s was interrupted.".formatted(file), e);
    }
  }

  private void closeIdle() throws SQLException {
    for (ReadTables tables = idle.poll(); tables != null; tables = idle.poll()) {
      tables.close();
    }
  }
}
