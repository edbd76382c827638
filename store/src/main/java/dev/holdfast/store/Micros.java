package dev.holdfast.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the store keeps them: microseconds since 1970. */
final class Micros {
  private static final Instant LAST = Instant.EPOCH.plus(Long.MAX_VALUE / 2, ChronoUnit.MICROS);

  private Micros() {}

  /** The microsecond in which that time lies. */
  static long of(Instant time) {
    Instant kept = time.isAfter(LAST) ? LAST : time;
    return Math.multiplyExact(kept.getEpochSecond(), 1_000_000L) + kept.getNano() / 1_000;
  }

  /** The first microsecond that is not before that time, so that nothing is ready too early. */
  static long notBefore(Instant time) {
    return of(time.isAfter(LAST) ? LAST : time.plusNanos(999));
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
