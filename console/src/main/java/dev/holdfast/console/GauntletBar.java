package dev.holdfast.console;

import dev.holdfast.gauntlet.Report;
import java.time.Duration;

/** Tells how far a gauntlet has got; safe for many threads. */
final class GauntletBar {
  private static final int WIDTH = 30;
  private static final Duration REDRAW_EVERY = Duration.ofMillis(100);
  private static final Duration LINE_EVERY = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final int total;
  private final boolean isLive = Terminal.console().isPresent();
  private final long began = System.nanoTime();
  private long shownAt = began;
  private int done;
  private int broken;

  GauntletBar(Terminal terminal, int total) {
    this.terminal = terminal;
    this.total = total;
  }

  synchronized void step(Report.Result result) {
    done++;
    broken += result.failure().isPresent() ? 1 : 0;
    long now = System.nanoTime();
    if (now - shownAt >= (isLive ? REDRAW_EVERY : LINE_EVERY).toNanos()) {
      shownAt = now;
      show();
    }
  }

  private void show() {
    int filled = done * WIDTH / Math.max(1, total);
    String text =
        "[%s%s] %,d of %,d schedules, %,d broke a law, %d s"
            .formatted(
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                total,
                broken,
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
    terminal.err().print(isLive ? "\r\033[K" + text : text + System.lineSeparator());
    terminal.err().flush();
  }

  synchronized void end() {
    show();
    if (isLive) {
      terminal.err().println();
    }
  }
}
