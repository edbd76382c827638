package dev.holdfast.agents;

import dev.holdfast.kernel.KnownFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to one MCP server: one session at a time, begun anew when it broke; safe for many
 * threads.
 *
 * <p>A server that does not come up is left alone for a second, doubling to thirty; calls are
 * meanwhile refused at once, and their own retries bring them back.
 */
final class McpLink {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  private final McpSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<McpConnection> current = Optional.empty();
  private int failures;
  private long failedAt;
  private boolean closed;

  McpLink(McpSettings settings) {
    this.settings = settings;
  }

  /**
   * A session that calls can leave by.
   *
   * @throws KnownFailure not sent or transient, where there is none
   */
  McpConnection connection() {
    lock.lock();
    try {
      if (closed) {
        // Who closes it is about to end; the run is to wait for the next process, not to go on.
        throw KnownFailure.tryLater("closed", "it was closed.", Optional.of(PAUSE_MAX));
      }
      if (current.isPresent() && current.get().isUsable()) {
        return current.get();
      }
      current.ifPresent(McpConnection::close);
      current = Optional.empty();
      return begin();
    } finally {
      lock.unlock();
    }
  }

  private McpConnection begin() {
    Duration pause = pauseLeft();
    if (pause.isPositive()) {
      throw KnownFailure.tryLater(
          "restarting",
          "it did not come up %d times in a row.".formatted(failures),
          Optional.of(pause));
    }
    try {
      McpConnection opened = McpConnection.open(settings);
      failures = 0;
      current = Optional.of(opened);
      return opened;
    } catch (KnownFailure down) {
      failures++;
      failedAt = System.nanoTime();
      throw down;
    }
  }

  private Duration pauseLeft() {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration pause = PAUSE.multipliedBy(1L << Math.min(failures - 1, 5));
    Duration bounded = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
    return bounded.minusNanos(System.nanoTime() - failedAt);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      current.ifPresent(McpConnection::close);
      current = Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
