package dev.holdfast.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Tells when a look into the store may find something new: another process announced it, this one
 * wrote, or so much time is over that an announcement may have been lost. Safe for many threads.
 *
 * <p>Announcements need a connection of their own that stays the same; behind a pooler that hands
 * out another one for each transaction none arrive. That is found out by what the server calls the
 * connection, or else by an announcement to itself; then only time tells.
 */
final class Wakeups implements AutoCloseable {
  /** What is announced on; without words, since whoever hears it looks for itself. */
  static final String CHANNEL = "holdfast";

  private static final System.Logger LOG = System.getLogger("dev.holdfast.store");
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(5);
  private static final Duration LISTEN_FOR = Duration.ofMillis(500);
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(5);
  private static final Duration TRY_DEAF_AGAIN_AFTER = Duration.ofMinutes(5);
  private static final Duration LOOK_MIN = Duration.ofMillis(50);
  private static final Duration LOOK_MAX = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PostgresConnections connections;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile boolean hears;
  private volatile @Nullable Connection listening;
  private long looks;
  private long lookedNanos;
  private Duration lookAfter = LOOK_MIN;
  private volatile long woken = 1;

  Wakeups(PostgresConnections connections) {
    this.connections = connections;
    this.thread = Thread.ofPlatform().daemon().name("holdfast-listener").unstarted(this::listen);
  }

  void start() {
    thread.start();
  }

  /** Whether announcements of other processes arrive here. */
  boolean hears() {
    return hears;
  }

  /** Something may have changed. */
  void wake() {
    synchronized (this) {
      woken++;
    }
  }

  /** Whether it is time to look, which then counts as done. */
  synchronized boolean isDue() {
    long now = System.nanoTime();
    if (looks != woken) {
      looks = woken;
      lookAfter = LOOK_MIN;
    } else if (now - lookedNanos < lookAfter.toNanos()) {
      return false;
    } else {
      lookAfter =
          hears || lookAfter.multipliedBy(2).compareTo(LOOK_MAX) > 0
              ? LOOK_MAX
              : lookAfter.multipliedBy(2);
    }
    lookedNanos = now;
    return true;
  }

  private void listen() {
    while (!isClosed) {
      Duration pause = TRY_AGAIN_AFTER;
      try (Connection connection = connections.open()) {
        listening = connection;
        pause = listenOn(connection) ? TRY_AGAIN_AFTER : TRY_DEAF_AGAIN_AFTER;
      } catch (SQLException | RuntimeException e) {
        // Also where a data source hides the driver: then only time tells.
        LOG.log(
            System.Logger.Level.DEBUG, "Listening was cut off: {0}", PostgresErrors.describe(e));
      } finally {
        hears = false;
        listening = null;
      }
      pause(pause);
    }
  }

  /** Listens for as long as announcements arrive; whether any did. */
  private boolean listenOn(Connection connection) throws SQLException {
    PGConnection channel = connection.unwrap(PGConnection.class);
    if (isPooled(connection, channel)) {
      tellOfDeafness();
      return false;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      statement.execute("SELECT pg_notify('%s', 'self')".formatted(CHANNEL));
    }
    long until = System.nanoTime() + HEARD_WITHIN.toNanos();
    while (!isClosed && (hears || System.nanoTime() - until < 0)) {
      if (arrives(connection, LISTEN_FOR)) {
        hears = true;
        wake();
      }
    }
    if (!hears && !isClosed) {
      tellOfDeafness();
      endListening(connection);
    }
    return hears;
  }

  /** Whether a pooler answers in the server's place: listening would stay with its connection. */
  private static boolean isPooled(Connection connection, PGConnection channel) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1) != channel.getBackendPID();
    }
  }

  private static void tellOfDeafness() {
    LOG.log(
        System.Logger.Level.INFO,
        "No announcement arrives over this data source, so the store is looked at up to {0} times"
            + " a second. A pooler in transaction mode is a reason for it.",
        TimeUnit.SECONDS.toMillis(1) / LOOK_MIN.toMillis());
  }

  /** Whether an announcement arrives within that time, on a connection that listens. */
  static boolean arrives(Connection connection, Duration within) throws SQLException {
    PGConnection channel = connection.unwrap(PGConnection.class);
    @Nullable PGNotification[] heard = channel.getNotifications((int) within.toMillis());
    return heard != null && heard.length > 0;
  }

  /** The connection goes back to a pool whose other users do not expect announcements on it. */
  private static void endListening(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("UNLISTEN " + CHANNEL);
    }
  }

  private void pause(Duration pause) {
    try {
      if (!isClosed) {
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      // Somebody closes it: the loop looks at once instead of later.
      LOG.log(System.Logger.Level.DEBUG, "Woken to end.");
    }
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    cut();
    try {
      boolean isStarted = thread.getState() != Thread.State.NEW;
      if (isStarted && !thread.join(PATIENCE)) {
        LOG.log(System.Logger.Level.WARNING, "The listener did not end within {0}.", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** It waits in the driver, which an interrupt does not reach. */
  private void cut() {
    Connection waiting = listening;
    try {
      if (waiting != null) {
        waiting.abort(Runnable::run);
      }
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The connection was gone already.", e);
    }
  }
}
