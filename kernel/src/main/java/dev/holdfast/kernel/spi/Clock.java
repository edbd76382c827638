package dev.holdfast.kernel.spi;

import java.time.Duration;
import java.time.Instant;

/** Where the kernel's time comes from; safe for many threads. */
public interface Clock {
  /** The current time. */
  Instant now();

  /** Holds the calling thread for that long. */
  void sleep(Duration duration) throws InterruptedException;
}
