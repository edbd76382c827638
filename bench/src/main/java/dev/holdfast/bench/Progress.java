package dev.holdfast.bench;

import java.io.PrintStream;
import java.time.Duration;

/** Says on standard error how far the work is: a bar at a terminal, else a line now and then. */
final class Progress implements AutoCloseable {
  private static final int BAR_WIDTH = 30;
  private static final Duration REDRAW_EVERY = Duration.ofMillis(100);
  private static final Duration LINE_EVERY = Duration.ofSeconds(10);

  private final PrintStream err;
  private final boolean isTerminal;
  private final String what;
  private final long total;
  private final long started = System.nanoTime();
  private long done;
  private long shownAt = started;

  Progress(PrintStream err, boolean isTerminal, String what, long total) {
    this.err = err;
    this.isTerminal = isTerminal;
    this.what = what;
    this.total = total;
  }

  synchronized void step() {
    reach(done + 1);
  }

  synchronized void reach(long count) {
    done = count;
    long now = System.nanoTime();
    Duration rest = isTerminal ? REDRAW_EVERY : LINE_EVERY;
    if (now - shownAt >= rest.toNanos()) {
      shownAt = now;
      err.print(isTerminal ? "\r\033[K" + bar() : line() + System.lineSeparator());
      err.flush();
    }
  }

  private String bar() {
    int filled = (int) Math.min(BAR_WIDTH, done * BAR_WIDTH / Math.max(1, total));
    return "[%s%s] %s".formatted("#".repeat(filled), ".".repeat(BAR_WIDTH - filled), line());
  }

  private String line() {
    long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
    return "%s: %,d of %,d, %d s".formatted(what, done, total, seconds);
  }

  @Override
  public synchronized void close() {
    if (isTerminal) {
      err.print("\r\033[K");
    }
    err.println(line());
  }
}
