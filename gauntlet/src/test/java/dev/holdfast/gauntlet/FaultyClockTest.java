package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FaultyClockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock real = ManualClock.standingAt(Instant.parse("2024-05-01T12:00:00Z"));
  private final FaultyClock clock = FaultyClock.over(real);

  @Test
  void itIsSetBackAndLeapsAhead() {
    Instant now = real.now();
    clock.setBack(HOUR);
    assertThat(clock.now()).isEqualTo(now.minus(HOUR));
    clock.leapAhead(HOUR.multipliedBy(3));
    assertThat(clock.now()).isEqualTo(now.plus(HOUR.multipliedBy(2)));
  }

  @Test
  void itStandsAndGoesOn() {
    Instant now = real.now();
    clock.stop();
    real.advance(HOUR);
    assertThat(clock.now()).isEqualTo(now);
    clock.goOn();
    assertThat(clock.now()).isEqualTo(now);
    real.advance(HOUR);
    assertThat(clock.now()).isEqualTo(now.plus(HOUR));
  }
}
