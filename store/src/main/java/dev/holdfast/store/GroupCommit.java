package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fenced;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store: what queues while a commit is under way shares the next one.
 *
 * <p>A platform thread, because a native call holds on to the thread that makes it.
 */
final class GroupCommit {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  private static final int QUEUED_MAX = 8_192;
  private static final int REQUESTS_MAX = 512;
  private static final long CHARACTERS_MAX = 1 << 20;
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StoreFile file;
  private final ExecutorTables tables;
  private final Checkpoints checkpoints;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;
  private final BlockingQueue<Request<?>> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Thread thread;
  private final LongAdder commits = new LongAdder();
  private final Gathering gathering = new Gathering();
  private volatile @Nullable StoreFailed over;
  private volatile boolean isClosing;

  GroupCommit(StoreFile file, Connection connection, ExecutorTables tables) throws SQLException {
    this.file = file;
    this.tables = tables;
    this.checkpoints = new Checkpoints(connection);
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.commit = connection.prepareStatement("COMMIT");
    this.rollback = connection.prepareStatement("ROLLBACK");
    this.thread = Thread.ofPlatform().daemon().name("holdfast-writer").unstarted(this::write);
  }

  void start() {
    thread.start();
  }

  /** How many transactions were committed. */
  long commits() {
    return commits.sum();
  }

  /** Throws where the store takes nothing more. */
  void requireOpen() {
    StoreFailed ended = over;
    if (ended != null) {
      String message = String.valueOf(ended.getMessage());
      Throwable cause = ended.getCause();
      throw cause == null ? new StoreFailed(message) : new StoreFailed(message, cause);
    }
    if (isClosing) {
      throw closed();
    }
  }

  /** Queues work that writes about that many characters. */
  <T> CompletableFuture<T> submit(long characters, Request.Work<T> work) {
    var request = new Request<T>(work, characters);
    try {
      requireOpen();
      if (!queue.offer(request, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreFailed(
            "The store %s wrote nothing for %s with %,d requests queued. Check the disk."
                .formatted(file, PATIENCE, QUEUED_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.fail(new StoreFailed("The wait for the writer's queue was interrupted.", e));
    } catch (StoreFailed e) {
      request.fail(e);
    }
    // The writer may have ended between the check and the offer and would never see this one.
    if (over != null) {
      refuseQueued();
    }
    return request.done();
  }

  /** Finishes what is queued and copies the log into the database. */
  void close() {
    isClosing = true;
    join();
  }

  /** Drops what is queued; a commit that has begun may go either way. */
  void abandon() {
    end(new StoreFailed("The store %s was abandoned. Open it again.".formatted(file)));
    join();
  }

  private void join() {
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    try {
      if (!thread.join(PATIENCE)) {
        throw new StoreFailed(
            "The writer of %s did not end within %s. Check the disk.".formatted(file, PATIENCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    var batch = new ArrayList<Request<?>>(REQUESTS_MAX);
    try {
      while (over == null && !(isClosing && queue.isEmpty())) {
        Request<?> first = next();
        if (first != null) {
          gathering.await(queue);
          fill(batch, first);
          long begun = System.nanoTime();
          commit(batch);
          gathering.answered(batch.size(), queue.size(), System.nanoTime() - begun);
          batch.clear();
        }
      }
      if (over == null) {
        checkpoints.close();
        end(closed());
      }
    } catch (Throwable e) {
      fail(e);
      batch.forEach(request -> request.fail(failure(e)));
    }
  }

  private @Nullable Request<?> next() throws SQLException {
    try {
      Request<?> next = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        checkpoints.idle();
      }
      return next;
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      return null;
    }
  }

  private void fill(List<Request<?>> batch, Request<?> first) {
    long characters = 0;
    for (Request<?> next = first; next != null; next = queue.poll()) {
      batch.add(next);
      characters += next.characters();
      if (batch.size() == REQUESTS_MAX || characters >= CHARACTERS_MAX) {
        return;
      }
    }
  }

  private void commit(List<Request<?>> batch) throws SQLException {
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
    commits.increment();
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

  private void fail(Throwable cause) {
    end(failed(cause));
    LOG.log(System.Logger.Level.ERROR, "The store " + file + " failed and is closed.", cause);
  }

  private RuntimeException failure(Throwable cause) {
    return cause instanceof Fenced fenced ? fenced : failed(cause);
  }

  private StoreFailed failed(Throwable cause) {
    return new StoreFailed(
        ("The store %s failed (%s) and takes nothing more; what was not confirmed may or may not"
                + " be kept. Check the disk's space and health, then restart the process.")
            .formatted(file, SqliteErrors.describe(cause)),
        cause);
  }

  private StoreFailed closed() {
    return new StoreFailed("The store %s is closed. Open it again.".formatted(file));
  }

  private void end(StoreFailed why) {
    if (over == null) {
      over = why;
    }
    refuseQueued();
  }

  private void refuseQueued() {
    for (Request<?> request = queue.poll(); request != null; request = queue.poll()) {
      request.fail(Objects.requireNonNull(over));
    }
  }
}
