package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fenced;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The writer of a SQLite store: a batch is one transaction, and the log is copied when idle. */
final class GroupCommit extends BatchWriter<Request<?>> {
  private static final Duration IDLE = Duration.ofMillis(200);

  private final StoreFile file;
  private final ExecutorTables tables;
  private final Checkpoints checkpoints;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;

  GroupCommit(StoreFile file, Connection connection, ExecutorTables tables) throws SQLException {
    super(file.toString(), "Check the disk.", "Open it again.");
    this.file = file;
    this.tables = tables;
    this.checkpoints = new Checkpoints(connection);
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.commit = connection.prepareStatement("COMMIT");
    this.rollback = connection.prepareStatement("ROLLBACK");
  }

  /** Queues work that writes about that many characters. */
  <T> CompletableFuture<T> submit(long characters, Request.Work<T> work) {
    var request = new Request<T>(work, characters);
    queue(request);
    return request.done();
  }

  @Override
  Duration idleAfter() {
    return IDLE;
  }

  @Override
  void idle() throws SQLException {
    checkpoints.idle();
  }

  /** Copies the log into the database. */
  @Override
  void finish() throws SQLException {
    checkpoints.close();
  }

  @Override
  void write(List<Request<?>> batch) throws SQLException {
    try {
      perform(batch);
    } catch (SQLException | RuntimeException e) {
      undo();
      if (e instanceof Fenced) {
        throw e;
      }
      requireOneRequestsFault(e);
      oneByOne(batch);
      return;
    }
    makeDurable(batch);
  }

  private void oneByOne(List<Request<?>> batch) throws SQLException {
    for (Request<?> request : batch) {
      try {
        perform(List.of(request));
      } catch (SQLException | RuntimeException e) {
        undo();
        requireOneRequestsFault(e);
        request.fail(SqliteErrors.refused(file, e));
        continue;
      }
      makeDurable(List.of(request));
    }
  }

  private void perform(List<Request<?>> batch) throws SQLException {
    begin.execute();
    if (!tables.isStillMine()) {
      throw new Fenced(
          "Another process took over the store %s. Stop executing its runs.".formatted(file));
    }
    for (Request<?> request : batch) {
      request.perform(tables);
    }
  }

  private void makeDurable(List<Request<?>> batch) throws SQLException {
    // What the page cache holds after a failed flush cannot be trusted: nothing is tried again.
    commit.execute();
    committed();
    tables.committed();
    long characters = 0;
    for (Request<?> request : batch) {
      characters += request.characters();
      request.finish();
    }
    checkpoints.committed(characters);
  }

  private void undo() throws SQLException {
    tables.rolledBack();
    try {
      rollback.execute();
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors; then there is nothing to undo.
      LOG.log(System.Logger.Level.DEBUG, "Nothing to roll back.", e);
    }
  }

  private static void requireOneRequestsFault(Exception failure) throws SQLException {
    if (failure instanceof SQLException sql && !SqliteErrors.isAboutOneStatement(sql)) {
      throw sql;
    }
  }

  @Override
  RuntimeException unwritten(Throwable cause) {
    return cause instanceof Fenced fenced ? fenced : failed(cause);
  }

  @Override
  StoreFailed failed(Throwable cause) {
    return new StoreFailed(
        ("The store %s failed (%s) and takes nothing more; what was not confirmed may or may not"
                + " be kept. Check the disk's space and health, then restart the process.")
            .formatted(file, SqliteErrors.describe(cause)),
        cause);
  }
}
