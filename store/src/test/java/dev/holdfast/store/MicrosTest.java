package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MicrosTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456Z");

  @Test
  void aTimeOfWholeMicrosecondsSurvives() {
    assertThat(Micros.instant(Micros.of(TIME))).isEqualTo(TIME);
    assertThat(Micros.instant(Micros.notBefore(TIME))).isEqualTo(TIME);
    Instant old = Instant.parse("1960-01-02T03:04:05.000001Z");
    assertThat(Micros.instant(Micros.of(old))).isEqualTo(old);
  }

  @Test
  void aTimeBetweenMicrosecondsIsNeverReadyTooEarly() {
    assertThat(Micros.instant(Micros.of(TIME.plusNanos(1)))).isEqualTo(TIME);
    assertThat(Micros.instant(Micros.notBefore(TIME.plusNanos(1))))
        .isEqualTo(TIME.plusNanos(1_000));
    assertThat(Micros.instant(Micros.notBefore(TIME.plusNanos(999))))
        .isEqualTo(TIME.plusNanos(1_000));
  }

  @Test
  void theEndOfTimeIsVeryLate() {
    assertThat(Micros.instant(Micros.of(Instant.MAX)))
        .isEqualTo(Micros.instant(Micros.notBefore(Instant.MAX)))
        .isAfter(Instant.parse("9999-12-31T23:59:59Z"));
  }
}
