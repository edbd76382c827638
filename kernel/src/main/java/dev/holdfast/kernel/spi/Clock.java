package dev.holdfast.kernel.spi;

import java.time.Duration;
import java.time.Instant;

/** Where the kernel's time comes from; safe for many threads. */
public interface Clock {
  /** The machine's own clock: the default, in whose place a shared store puts its own time. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }

  /** The current time. */
  Instant now();

  /** Holds the calling thread for that long. */
  void sleep(Duration duration) throws InterruptedException;
}
