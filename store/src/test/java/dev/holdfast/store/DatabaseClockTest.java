package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration SLOW = Duration.ofMinutes(1);

  private static DatabaseClock at(Instant instant) {
    return new DatabaseClock(Micros.of(instant));
  }

  private static void read(DatabaseClock clock, Instant instant) {
    clock.read(Micros.of(instant));
  }

  @Test
  void itTellsTheDatabasesTimeWhateverTheMachineSays() {
    assertThat(at(NOON).now()).isBetween(NOON, NOON.plus(SLOW));
    assertThat(at(Instant.EPOCH).now()).isBetween(Instant.EPOCH, Instant.EPOCH.plus(SLOW));
  }

  @Test
  void itGoesOnBetweenAnswers() throws InterruptedException {
    DatabaseClock clock = at(NOON);
    clock.sleep(Duration.ofMillis(5));
    assertThat(clock.now()).isAfterOrEqualTo(NOON.plusMillis(5));
  }

  @Test
  void aLaterAnswerCounts() {
    DatabaseClock clock = at(NOON);
    read(clock, NOON.plusSeconds(3_600));
    assertThat(clock.now()).isBetween(NOON.plusSeconds(3_600), NOON.plusSeconds(3_600).plus(SLOW));
  }

  @Test
  void aSmallStepBackIsWaitedOut() {
    DatabaseClock clock = at(NOON);
    Instant told = clock.now();
    read(clock, told.minusMillis(900));
    for (int i = 0; i < 100; i++) {
      assertThat(clock.now()).isAfterOrEqualTo(told);
    }
  }

  @Test
  void aLargeStepBackIsBelieved() {
    DatabaseClock clock = at(NOON);
    clock.now();
    read(clock, NOON.minusSeconds(3_600));
    assertThat(clock.now())
        .isBetween(NOON.minusSeconds(3_600), NOON.minusSeconds(3_600).plus(SLOW));
  }
}
