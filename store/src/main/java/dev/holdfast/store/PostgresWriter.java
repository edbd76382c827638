package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a worker on PostgreSQL: each batch renews the lease, and where there is nothing to
 * write it is renewed alone.
 *
 * <p>While the server is away it goes on trying; what is queued waits that long, and longer waits
 * are refused. A worker that was taken over meanwhile becomes a new one, which owns nothing.
 */
final class PostgresWriter extends BatchWriter<PostgresRequest<?>> {
  private static final int REPEATS_MAX = 10;
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);
  private static final Duration PAUSE_FULL = Duration.ofMillis(200);

  private final PostgresSession session;
  private final String location;
  private final Duration outageMax;
  private volatile @Nullable StoreFailed away;
  private volatile Optional<String> full = Optional.empty();
  private long fullUntilNanos;
  private long lookedNanos = System.nanoTime();

  /**
   * A writer that has yet to {@link #start}.
   *
   * @param outageMax how long requests wait for a server that is away
   */
  PostgresWriter(PostgresSession session, String location, Duration outageMax) {
    super(location, "Check the server.", "Connect again.");
    this.session = session;
    this.location = location;
    this.outageMax = outageMax;
  }

  /** Queues a request. */
  <T> CompletableFuture<T> submit(PostgresRequest<T> request) {
    queue(request);
    return request.done();
  }

  @Override
  void requireReach() {
    StoreFailed outage = away;
    if (outage != null) {
      throw outage;
    }
  }

  @Override
  StoreFailed stuck(String facts) {
    return new StoreFailed.Unavailable(facts);
  }

  /** An interrupt does not reach into the driver. */
  @Override
  void cut() {
    session.abort();
  }

  @Override
  Duration idleAfter() {
    return session.membership().beat().dividedBy(4).plusMillis(1);
  }

  @Override
  void idle() throws SQLException {
    if (session.membership().isDue()) {
      commit(List.of());
    }
    look();
  }

  @Override
  long write(List<PostgresRequest<?>> batch) throws SQLException {
    long begun = System.nanoTime();
    commit(batch);
    long took = System.nanoTime() - begun;
    look();
    return took;
  }

  @Override
  void finish() throws SQLException {
    session.leave(false);
    session.close();
  }

  private void look() throws SQLException {
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

  /** Writes a batch, however often that takes; what is refused is told so. */
  private void commit(List<PostgresRequest<?>> batch) throws SQLException {
    for (int repeats = 0; !isOver(); repeats++) {
      try {
        session.write(batch);
        committed();
        roomAgain();
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
    batch.forEach(request -> request.fail(ended()));
  }

  /** Whether the batch has come to an end; otherwise nothing of it is kept and it is repeated. */
  private boolean isSettled(Exception failure, List<PostgresRequest<?>> batch, int repeats)
      throws SQLException {
    return switch (meaning(failure)) {
      case AWAY -> isBack(failure, batch);
      case FULL -> {
        session.undo();
        yield isRefusedWithoutRoom(sqlOf(failure), batch);
      }
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

  /** Waits for room as for a server that is away, and leaves the batch to be written again. */
  private boolean isRefusedWithoutRoom(SQLException failure, List<PostgresRequest<?>> batch)
      throws SQLException {
    if (full.isEmpty()) {
      full = Optional.of(PostgresErrors.full(location, failure));
      fullUntilNanos = System.nanoTime() + outageMax.toNanos();
      LOG.log(System.Logger.Level.WARNING, full.get());
    }
    awayStill(failure, batch, fullUntilNanos);
    pause(PAUSE_FULL);
    return away != null;
  }

  private void roomAgain() {
    if (full.isPresent()) {
      full = Optional.empty();
      away = null;
      LOG.log(System.Logger.Level.INFO, "The store {0} writes again.", location);
    }
  }

  /** Why nothing can be written at the moment, if so; for any thread. */
  Optional<String> trouble() {
    StoreFailed outage = away;
    return outage == null ? full : Optional.ofNullable(outage.getMessage());
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
    while (!isOver()) {
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
    switch (PostgresErrors.meaning(failure)) {
      case AWAY, FULL -> {}
      case REPEAT, REQUEST, BROKEN -> throw failure;
    }
    boolean isTooLong = System.nanoTime() - untilNanos > 0;
    if (isTooLong || isClosing() || away != null) {
      refuse(batch, session.giveUp(failure));
    }
    if (isClosing()) {
      end(closed());
    }
  }

  private void refuse(List<PostgresRequest<?>> batch, StoreFailed refusal) {
    batch.forEach(request -> request.fail(refusal));
    away = refusal;
    refuseQueued(refusal);
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      // Somebody closes or abandons the store: the loop looks at once instead of later.
      LOG.log(System.Logger.Level.DEBUG, "Woken to end.");
    }
  }

  @Override
  StoreFailed failed(Throwable cause) {
    return new StoreFailed(
        ("The store %s failed (%s) and takes nothing more; what was not confirmed may or may not"
                + " be kept. Check the server and its user's rights, then restart the process.")
            .formatted(location, PostgresErrors.describe(cause)),
        cause);
  }

  @Override
  void end(StoreFailed why) {
    super.end(why);
    session.membership().end(ended());
  }
}
