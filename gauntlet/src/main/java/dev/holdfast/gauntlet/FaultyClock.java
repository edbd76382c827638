package dev.holdfast.gauntlet;

import dev.holdfast.kernel.spi.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A clock that is set back, leaps ahead or stands, as machines' clocks do; waits take as long as
 * ever. Safe for many threads.
 */
public final class FaultyClock implements Clock {
  private final Clock real;
  private Duration offset = Duration.ZERO;
  private Optional<Instant> standing = Optional.empty();

  private FaultyClock(Clock real) {
    this.real = real;
  }

  /** A clock that tells what that one does until it is changed. */
  public static FaultyClock over(Clock real) {
    return new FaultyClock(real);
  }

  /** Sets it back from now on. */
  public void setBack(Duration by) {
    adjust(by.negated());
  }

  /** Lets it leap ahead from now on. */
  public void leapAhead(Duration by) {
    adjust(by);
  }

  private synchronized void adjust(Duration by) {
    offset = offset.plus(by);
    standing = standing.map(at -> at.plus(by));
  }

  /** Lets it stand. */
  public synchronized void stop() {
    standing = Optional.of(now());
  }

  /** Lets it go on, as late as it stood long. */
  public synchronized void goOn() {
    standing.ifPresent(at -> offset = Duration.between(real.now(), at));
    standing = Optional.empty();
  }

  @Override
  public synchronized Instant now() {
    return standing.orElseGet(() -> real.now().plus(offset));
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    real.sleep(duration);
  }
}
