package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.WorkflowKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads a store on PostgreSQL, each time on a connection of the pool; safe for many threads. */
final class PostgresReader extends QueryReader<PostgresReads> {
  private static final int CONNECTIONS_MAX = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PostgresConnections connections;
  private final String location;
  private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
  private volatile boolean isClosed;

  /** Reads a store that is known to be one. */
  PostgresReader(PostgresConnections connections, String location, Vault vault) {
    super(vault);
    this.connections = connections;
    this.location = location;
  }

  /** Opens a store that exists. */
  static PostgresReader open(PostgresConnections connections, Optional<Encryption> encryption) {
    String location = PostgresSchema.require(connections);
    try (Connection connection = connections.open()) {
      EntryFormat.require(connection, location);
      Vault vault = StoreKey.vault(connection, location, encryption);
      return new PostgresReader(connections, location, vault);
    } catch (SQLException e) {
      throw PostgresErrors.failed(location, e);
    }
  }

  /** Which of those runs, given by their numbers, have mail. */
  List<Long> withMail(Set<Long> runs) {
    return read(reads -> reads.withMail(runs));
  }

  /** From when on the first of all runs may be claimed, or {@link Instant#MAX}. */
  Instant firstReady(long worker) {
    return read(reads -> reads.firstReady(worker));
  }

  /** From when on the first run of those workflows may be claimed, or {@link Instant#MAX}. */
  Instant firstReady(Set<WorkflowKey> workflows, long worker) {
    return read(reads -> reads.firstReady(workflows, worker));
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public void close() {
    isClosed = true;
  }

  @Override
  <T> T read(Query<PostgresReads, T> query) {
    acquire();
    try {
      requireOpen();
      try (Connection connection = connections.open()) {
        return query.ask(new PostgresReads(connection, vault()));
      }
    } catch (SQLException e) {
      throw PostgresErrors.failed(location, e);
    } finally {
      permits.release();
    }
  }

  /** Throws where this was closed. */
  void requireOpen() {
    if (isClosed) {
      throw new StoreFailed("The store %s is closed. Connect again.".formatted(location));
    }
  }

  private void acquire() {
    try {
      if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreFailed.Unavailable(
            "The store %s answered no read for %s. Check the server."
                .formatted(location, PATIENCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailed("The read of %s was interrupted.".formatted(location), e);
    }
  }
}
