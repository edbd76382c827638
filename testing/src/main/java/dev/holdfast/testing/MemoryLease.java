package dev.holdfast.testing;

import java.time.Duration;
import java.util.OptionalLong;

/** The lease of a worker in virtual time: renewed as long as it is there and not paused. */
final class MemoryLease {
  private final Turns turns;
  private final String worker;
  private final Duration ttl;
  private OptionalLong endedAt = OptionalLong.empty();

  MemoryLease(Turns turns, String worker, Duration ttl) {
    this.turns = turns;
    this.worker = worker;
    this.ttl = ttl;
  }

  Duration ttl() {
    return ttl;
  }

  /** Renews it no more. */
  void end() {
    endedAt = endedAt.isPresent() ? endedAt : OptionalLong.of(turns.nanos());
  }

  boolean isLapsed() {
    OptionalLong renewed = endedAt.isPresent() ? endedAt : turns.pausedAt(worker);
    return renewed.isPresent() && turns.nanos() - renewed.getAsLong() > ttl.toNanos();
  }
}
