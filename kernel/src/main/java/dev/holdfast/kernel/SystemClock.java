package dev.holdfast.kernel;

import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.time.Instant;

/** The machine's clock. */
final class SystemClock implements Clock {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
