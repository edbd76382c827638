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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A store on PostgreSQL as a process uses it that does not execute: short transactions on the
 * caller's thread. Safe for many threads.
 */
final class PostgresClient extends ReadThrough implements JournalClient {
  private static final int REPEATS_MAX = 10;
  private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  @FunctionalInterface
  private interface Work<T> {
    T perform(PostgresTables tables) throws SQLException;
  }

  private final PostgresConnections connections;
  private final DatabaseClock clock;
  private final PostgresReader reader;

  private PostgresClient(
      PostgresConnections connections, DatabaseClock clock, PostgresReader reader) {
    this.connections = connections;
    this.clock = clock;
    this.reader = reader;
  }

  /** Opens a store that exists. */
  static PostgresClient open(PostgresConnections connections, Optional<Encryption> encryption) {
    PostgresReader reader = PostgresReader.open(connections, encryption);
    try {
      PostgresConnections.Checked checked = connections.checked();
      checked.connection().close();
      return new PostgresClient(connections, new DatabaseClock(checked.nowMicros()), reader);
    } catch (SQLException e) {
      throw PostgresErrors.failed(reader.location(), e);
    }
  }

  /** The database's time. */
  DatabaseClock clock() {
    return clock;
  }

  @Override
  public CompletableFuture<Start> start(NewRun run) {
    List<EncodedEntry> beginning =
        EncodedEntry.beginning(JsonCodec.standard(), reader.vault(), run);
    return write(tables -> tables.start(run, beginning));
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> send(RunId run, Message message) {
    return write(tables -> {
      tables.send(run, message, clock.now());
      return null;
    });
  }

  @Override
  @SuppressWarnings("NullAway") // The only value of the type Void is null.
  public CompletableFuture<Void> settle(Fact settled) {
    return write(tables -> {
      tables.settle(settled, clock.now());
      return null;
    });
  }

  @Override
  PostgresReader reader() {
    return reader;
  }

  @Override
  public String location() {
    return reader.location();
  }

  @Override
  public void close() {
    reader.close();
  }

  private <T> CompletableFuture<T> write(Work<T> work) {
    for (int repeats = 0; ; repeats++) {
      try {
        reader.requireOpen();
        return CompletableFuture.completedFuture(inTransaction(work));
      } catch (SQLException e) {
        boolean isRepeated = PostgresErrors.meaning(e) == PostgresErrors.Meaning.REPEAT;
        if (!isRepeated || repeats == REPEATS_MAX) {
          return CompletableFuture.failedFuture(PostgresErrors.failed(location(), e));
        }
      } catch (IllegalStateException | StoreFailed e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    PostgresConnections.Checked checked = connections.checked();
    clock.read(checked.nowMicros());
    try (Connection connection = checked.connection()) {
      connection.setAutoCommit(false);
      var tables = new PostgresTables(connection, location(), reader.vault());
      T answer;
      try {
        PostgresConnections.limit(connection, SILENCE_MAX);
        answer = work.perform(tables);
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
      commit(connection);
      connection.setAutoCommit(true);
      if (tables.hasWoken()) {
        announce(connection);
      }
      return answer;
    }
  }

  /** A commit whose answer is lost may or may not have happened. */
  private void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw new StoreFailed(
          "The store %s was cut off in mid-commit (%s); this may or may not be kept. Look again."
              .formatted(location(), PostgresErrors.describe(e)),
          e);
    }
  }

  private static void announce(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(PostgresSession.NOTIFY);
    }
  }
}
