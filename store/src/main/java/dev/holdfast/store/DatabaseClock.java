package dev.holdfast.store;

import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The database's time as far as this process knows it: never ahead of it, so that nothing which is
 * due by it is due too early, whatever the machine's own clock says. Safe for many threads.
 *
 * <p>Between two answers of the database it goes on with the machine's monotonic clock.
 */
final class DatabaseClock implements Clock {
  /** A smaller step back is the network's doing, and is waited out. */
  private static final long STEP_BACK_MICROS_MIN = 1_000_000;

  private record Reading(long databaseMicros, long receivedNanos) {
    long micros() {
      return databaseMicros + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - receivedNanos);
    }
  }

  private final AtomicLong told = new AtomicLong(Long.MIN_VALUE);
  private volatile Reading reading;

  /** A clock that begins with a time that the database answered just now. */
  DatabaseClock(long databaseMicros) {
    reading = new Reading(databaseMicros, System.nanoTime());
  }

  /** Takes note of a time that the database answered just now. */
  void read(long databaseMicros) {
    reading = new Reading(databaseMicros, System.nanoTime());
  }

  @Override
  public Instant now() {
    long micros = reading.micros();
    return Micros.instant(told.updateAndGet(last -> forward(last, micros)));
  }

  private static long forward(long last, long micros) {
    boolean isStepBack = last != Long.MIN_VALUE && last - micros > STEP_BACK_MICROS_MIN;
    return isStepBack ? micros : Math.max(last, micros);
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
