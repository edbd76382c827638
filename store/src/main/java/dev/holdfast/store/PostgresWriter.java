package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
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
 * The one writer of a worker: what queues while a batch is under way shares the next one; where
 * there is nothing to write it renews the lease.
 *
 * <p>While the server is away it goes on trying; what is queued waits that long, and longer waits
 * are refused. A worker that was taken over meanwhile becomes a new one, which owns nothing.
 */
final class PostgresWriter {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  private static final int QUEUED_MAX = 8_192;
  private static final int REQUESTS_MAX = 512;
  private static final long CHARACTERS_MAX = 1 << 20;
  private static final int REPEATS_MAX = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  private final PostgresSession session;
  private final String location;
  private final Duration outageMax;
  private final BlockingQueue<PostgresRequest<?>> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
  private final Thread thread;
  private final LongAdder commits = new LongAdder();
  private final Gathering gathering = new Gathering();
  private volatile @Nullable StoreFailed over;
  private volatile @Nullable StoreFailed away;
  private volatile boolean isClosing;
  private long lookedNanos = System.nanoTime();

  /**
   * A writer that has yet to {@link #start}.
   *
   * @param outageMax how long requests wait for a server that is away
   */
  PostgresWriter(PostgresSession session, String location, Duration outageMax) {
    this.session = session;
    this.location = location;
    this.outageMax = outageMax;
    this.thread = Thread.ofPlatform().daemon().name("holdfast-writer").unstarted(this::write);
  }

  void start() {
    thread.start();
  }

  /** How many batches were committed. */
  long commits() {
    return commits.sum();
  }

  /** Throws where the store takes nothing more. */
  void requireOpen() {
    StoreFailed ended = over;
    if (ended != null) {
      throw new StoreFailed(String.valueOf(ended.getMessage()), ended);
    }
    if (isClosing) {
      throw closed();
    }
  }

  /** Queues a request. */
  <T> CompletableFuture<T> submit(PostgresRequest<T> request) {
    try {
      requireOpen();
      StoreFailed outage = away;
      if (outage != null) {
        throw outage;
      }
      if (!queue.offer(request, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreFailed.Unavailable(
            "The store %s wrote nothing for %s with %,d requests queued. Check the server."
                .formatted(location, PATIENCE, QUEUED_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.fail(new StoreFailed("The wait for the writer's queue was interrupted.", e));
    } catch (StoreFailed e) {
      request.fail(e);
    }
    // The writer may have ended between the check and the offer and would never see this one.
    StoreFailed ended = over;
    if (ended != null) {
      refuseQueued(ended);
    }
    return request.done();
  }

  /** Finishes what is queued and gives up the place among the workers. */
  void close() {
    isClosing = true;
    join();
  }

  /** Drops what is queued; a batch that has begun may go either way. */
  void abandon() {
    end(new StoreFailed("The store %s was abandoned. Connect again.".formatted(location)));
    session.abort();
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
            "The writer of %s did not end within %s. Check the server."
                .formatted(location, PATIENCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    var batch = new ArrayList<PostgresRequest<?>>(REQUESTS_MAX);
    try {
      while (over == null && !(isClosing && queue.isEmpty())) {
        fill(batch);
        writeOrRenew(batch);
        batch.clear();
      }
      leave();
    } catch (Throwable e) {
      fail(e);
      batch.forEach(request -> request.fail(failed(e)));
    }
  }

  private void writeOrRenew(List<PostgresRequest<?>> batch) throws SQLException {
    if (!batch.isEmpty() || session.membership().isDue()) {
      commit(batch);
    }
    if (System.nanoTime() - lookedNanos >= session.membership().beat().toNanos()) {
      lookedNanos = System.nanoTime();
      takeOver();
    }
  }

  /** What fails here is tried again at the next beat; a lost connection is noticed by then. */
  private void takeOver() throws SQLException {
    try {
      session.takeOver();
    } catch (SQLException e) {
      if (PostgresErrors.meaning(e) == PostgresErrors.Meaning.BROKEN) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "No look: {0}", PostgresErrors.describe(e));
      session.cut();
    }
  }

  private void leave() throws SQLException {
    if (over == null) {
      session.leave(false);
      end(closed());
      session.close();
    }
  }

  private void fill(List<PostgresRequest<?>> batch) {
    long characters = 0;
    PostgresRequest<?> next = first();
    if (next != null) {
      gathering.await(queue);
    }
    while (next != null) {
      batch.add(next);
      characters += next.characters();
      boolean isFull = batch.size() == REQUESTS_MAX || characters >= CHARACTERS_MAX;
      next = isFull ? null : queue.poll();
    }
  }

  private @Nullable PostgresRequest<?> first() {
    try {
      long millis = session.membership().beat().toMillis() / 4 + 1;
      return queue.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      return null;
    }
  }

  /** Writes a batch, however often that takes; what is refused is told so. */
  private void commit(List<PostgresRequest<?>> batch) throws SQLException {
    for (int repeats = 0; over == null; repeats++) {
      try {
        long begun = System.nanoTime();
        session.write(batch);
        gathering.answered(batch.size(), queue.size(), System.nanoTime() - begun);
        commits.increment();
        return;
      } catch (TakenOver taken) {
        LOG.log(System.Logger.Level.WARNING, taken.getMessage());
        session.undo();
        session.lose();
      } catch (SQLException | RuntimeException e) {
        if (isSettled(e, batch, repeats)) {
          return;
        }
      }
    }
    batch.forEach(request -> request.fail(Objects.requireNonNull(over)));
  }

  /** Whether the batch has come to an end; otherwise nothing of it is kept and it is repeated. */
  private boolean isSettled(Exception failure, List<PostgresRequest<?>> batch, int repeats)
      throws SQLException {
    return switch (meaning(failure)) {
      case AWAY -> isBack(failure, batch);
      case REPEAT -> {
        session.undo();
        yield repeats >= REPEATS_MAX && isSplit(failure, batch);
      }
      case REQUEST -> {
        session.undo();
        yield isSplit(failure, batch);
      }
      case BROKEN -> throw sqlOf(failure);
    };
  }

  private static PostgresErrors.Meaning meaning(Exception failure) {
    return failure instanceof SQLException sql
        ? PostgresErrors.meaning(sql)
        : PostgresErrors.Meaning.REQUEST;
  }

  private static SQLException sqlOf(Exception failure) {
    return failure instanceof SQLException sql ? sql : new SQLException(failure);
  }

  /** Writes each request by itself, so that one alone fails; always true. */
  private boolean isSplit(Exception failure, List<PostgresRequest<?>> batch) throws SQLException {
    if (batch.isEmpty()) {
      throw sqlOf(failure);
    }
    if (batch.size() == 1) {
      batch.getFirst().fail(PostgresErrors.refused(location, failure));
      return true;
    }
    for (PostgresRequest<?> request : batch) {
      commit(List.of(request));
    }
    return true;
  }

  /**
   * Waits for the server to come back.
   *
   * @return whether the batch is durable, or was refused since the server stayed away for too long
   */
  private boolean isBack(Exception failure, List<PostgresRequest<?>> batch) throws SQLException {
    LOG.log(
        System.Logger.Level.WARNING,
        "The store {0} is out of reach: {1}",
        location,
        PostgresErrors.describe(failure));
    long until = System.nanoTime() + outageMax.toNanos();
    Duration pause = PAUSE_MIN;
    while (over == null) {
      try {
        return resumed(batch);
      } catch (SQLException e) {
        awayStill(e, batch, until);
      }
      pause(pause);
      pause = pause.compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
    }
    return false;
  }

  private boolean resumed(List<PostgresRequest<?>> batch) throws SQLException {
    boolean wasRefused = away != null;
    boolean isDurable = session.resume(batch);
    away = null;
    return isDurable || wasRefused;
  }

  private void awayStill(SQLException failure, List<PostgresRequest<?>> batch, long untilNanos)
      throws SQLException {
    if (PostgresErrors.meaning(failure) != PostgresErrors.Meaning.AWAY) {
      throw failure;
    }
    boolean isTooLong = System.nanoTime() - untilNanos > 0;
    if (isTooLong || isClosing || away != null) {
      StoreFailed refusal = session.giveUp(failure);
      batch.forEach(request -> request.fail(refusal));
      away = refusal;
      refuseQueued(refusal);
    }
    if (isClosing) {
      end(closed());
    }
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      LOG.log(System.Logger.Level.DEBUG, "Woken to end.");
    }
  }

  private void fail(Throwable cause) {
    end(failed(cause));
    LOG.log(System.Logger.Level.ERROR, "The store " + location + " failed and is closed.", cause);
  }

  private StoreFailed failed(Throwable cause) {
    return new StoreFailed(
        ("The store %s failed (%s) and takes nothing more; what was not confirmed may or may not"
                + " be kept. Check the server and its user's rights, then restart the process.")
            .formatted(location, PostgresErrors.describe(cause)),
        cause);
  }

  private StoreFailed closed() {
    return new StoreFailed("The store %s is closed. Connect again.".formatted(location));
  }

  private void end(StoreFailed why) {
    if (over == null) {
      over = why;
    }
    session.membership().end(Objects.requireNonNull(over));
    refuseQueued(Objects.requireNonNull(over));
  }

  private void refuseQueued(StoreFailed why) {
    for (PostgresRequest<?> next = queue.poll(); next != null; next = queue.poll()) {
      next.fail(why);
    }
  }
}
