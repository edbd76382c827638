package dev.holdfast.testing;

import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that moves only when a test moves it; safe for many threads.
 *
 * <p>A standing clock holds a sleeper until somebody has moved it far enough. A leaping clock moves
 * by itself as far as a sleeper asks and lets it go on at once, so that waits take no time.
 */
public final class ManualClock implements Clock, InstantSource {
  private final boolean leaping;
  private Instant now;
  private int sleepers;

  private ManualClock(Instant start, boolean leaping) {
    this.now = start;
    this.leaping = leaping;
  }

  /** A clock whose sleepers wait for {@link #advance}. */
  public static ManualClock standingAt(Instant start) {
    return new ManualClock(start, false);
  }

  /** A clock that leaps over every sleep. */
  public static ManualClock leapingFrom(Instant start) {
    return new ManualClock(start, true);
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public Instant instant() {
    return now();
  }

  /** Moves the clock; backwards with a negative duration, as an adjusted machine clock would. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
    notifyAll();
  }

  /** How many threads sleep by this clock now; always 0 where it leaps. */
  public synchronized int sleepers() {
    return sleepers;
  }

  @Override
  public synchronized void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before a sleep of " + duration + ".");
    }
    Instant due = now.plus(duration);
    if (leaping) {
      advance(duration.isNegative() ? Duration.ZERO : duration);
      return;
    }
    sleepers++;
    try {
      while (now.isBefore(due)) {
        wait();
      }
    } finally {
      sleepers--;
    }
  }
}
