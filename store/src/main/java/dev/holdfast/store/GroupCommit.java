package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.store.SqliteErrors.Meaning;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The writer of a SQLite store: a batch is one transaction, and the log is copied when idle. */
final class GroupCommit extends BatchWriter<Request<?>> {
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);

  /** The longest pause is 800 ms. */
  private static final int DOUBLINGS_MAX = 4;

  private final StoreFile file;
  private final Opener opener;
  private volatile WriteSession session;
  private boolean isStale;
  private long flushNanos;
  private volatile Optional<String> trouble = Optional.empty();

  GroupCommit(StoreFile file, Opener opener) throws SQLException {
    super(file.toString(), "Check the disk.", "Open it again.");
    this.file = file;
    this.opener = opener;
    this.session = opener.open();
  }

  /** Where the writer's sessions come from. */
  @FunctionalInterface
  interface Opener {
    WriteSession open() throws SQLException;
  }

  /** What is written to; {@link ExecutorTables#executing} and the like are for any thread. */
  ExecutorTables tables() {
    return session.tables();
  }

  /** Ends the connection, once the thread has ended. */
  void release() throws SQLException {
    session.close();
  }

  /** Queues work of a run that is executed here; it writes about that many characters. */
  <T> CompletableFuture<T> submit(long characters, Request.Work<T> work) {
    return submit(new Request<T>(work, characters, true));
  }

  /** Queues work that is refused while nothing can be written, since its caller can come again. */
  <T> CompletableFuture<T> offer(long characters, Request.Work<T> work) {
    var request = new Request<T>(work, characters, false);
    Optional<String> now = trouble;
    return now.isPresent() ? CompletableFuture.failedFuture(refusal(now.get())) : submit(request);
  }

  private <T> CompletableFuture<T> submit(Request<T> request) {
    queue(request);
    return request.done();
  }

  private static StoreFailed refusal(String trouble) {
    return new StoreFailed.Unavailable(trouble + " This was not written: ask again later.");
  }

  /** Why nothing can be written at the moment, if so; for any thread. */
  Optional<String> trouble() {
    return trouble;
  }

  @Override
  boolean isPaused() {
    return trouble.isPresent();
  }

  @Override
  Duration idleAfter() {
    return IDLE;
  }

  @Override
  void idle() throws SQLException {
    copyLog(session.checkpoints()::idle);
  }

  /** Copies the log into the database. */
  @Override
  void finish() throws SQLException {
    copyLog(session.checkpoints()::close);
  }

  @FunctionalInterface
  private interface Copying {
    void copy() throws SQLException;
  }

  /** The log may wait to be copied: what is in it is durable. */
  private static void copyLog(Copying copying) throws SQLException {
    try {
      copying.copy();
    } catch (SQLException e) {
      if (SqliteErrors.meaning(e) != Meaning.LATER) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "The log is copied later.", e);
    }
  }

  @Override
  long write(List<Request<?>> batch) throws SQLException {
    flushNanos = 0;
    List<Request<?>> left = batch;
    // With nothing left to write, the mark of an empty transaction finds out whether there is room.
    for (int failures = 1; (!left.isEmpty() || isPaused()) && !isOver(); failures++) {
      try {
        attempt(left);
        resumed();
      } catch (SQLException e) {
        undo(e);
        if (SqliteErrors.meaning(e) != Meaning.LATER) {
          throw e;
        }
        paused(e, left);
        pause(failures);
      }
      left = left.stream().filter(request -> !request.done().isDone()).toList();
    }
    left.forEach(request -> request.fail(ended()));
    return flushNanos;
  }

  private void resumed() {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      LOG.log(System.Logger.Level.INFO, "The store {0} writes again.", file);
    }
  }

  /** Nothing of these is kept: runs wait for better times, and who can ask again is told so. */
  private void paused(SQLException why, List<Request<?>> left) {
    String told = SqliteErrors.paused(file, why);
    if (trouble.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, told);
    }
    trouble = Optional.of(told);
    StoreFailed refusal = refusal(told);
    left.stream().filter(request -> !request.isPatient()).forEach(each -> each.fail(refusal));
    refuseQueued(request -> !request.isPatient(), refusal);
    if (isClosing()) {
      end(closed());
    }
  }

  private static void pause(int failures) {
    try {
      Thread.sleep(PAUSE_MIN.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX)));
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      LOG.log(System.Logger.Level.DEBUG, "Woken to end.");
    }
  }

  private void attempt(List<Request<?>> batch) throws SQLException {
    try {
      perform(batch);
    } catch (SQLException | RuntimeException e) {
      undo(e);
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
        undo(e);
        requireOneRequestsFault(e);
        request.fail(SqliteErrors.refused(file, e));
        continue;
      }
      makeDurable(List.of(request));
    }
  }

  private void perform(List<Request<?>> batch) throws SQLException {
    refresh();
    ExecutorTables tables = tables();
    session.begin();
    if (!tables.isStillMine()) {
      throw new Fenced(
          "Another process took over the store %s. Stop executing its runs.".formatted(file));
    }
    for (Request<?> request : batch) {
      request.perform(tables);
    }
    tables.seal();
  }

  private void refresh() throws SQLException {
    if (isStale) {
      session.close();
      session = opener.open();
      isStale = false;
    }
  }

  private void makeDurable(List<Request<?>> batch) throws SQLException {
    // What the page cache holds after a failed flush cannot be trusted: nothing is tried again.
    long begun = System.nanoTime();
    try {
      session.commit();
    } catch (SQLException e) {
      requireKept(e);
    }
    flushNanos = System.nanoTime() - begun;
    committed();
    tables().committed();
    batch.forEach(Request::finish);
    long written = batch.stream().mapToLong(Request::characters).sum();
    copyLog(() -> session.checkpoints().committed(written));
  }

  /** Who had no room, or met a lock, cannot know from the error alone what became of it. */
  private void requireKept(SQLException failure) throws SQLException {
    if (SqliteErrors.meaning(failure) != Meaning.LATER) {
      throw failure;
    }
    session.rollBack();
    isStale = true;
    if (!tables().isKept()) {
      throw failure;
    }
    LOG.log(System.Logger.Level.DEBUG, "The commit went through.", failure);
  }

  private void undo(Exception failure) {
    tables().rolledBack();
    session.rollBack();
    isStale |= failure instanceof SQLException sql && !SqliteErrors.isConstraint(sql);
  }

  private static void requireOneRequestsFault(Exception failure) throws SQLException {
    if (failure instanceof SQLException sql) {
      switch (SqliteErrors.meaning(sql)) {
        case LATER, BROKEN -> throw sql;
        case REQUEST, DAMAGED -> {}
      }
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
