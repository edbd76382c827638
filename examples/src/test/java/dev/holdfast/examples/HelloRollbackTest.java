package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the trip had booked is cancelled, the last first. */
class HelloRollbackTest implements HelloRollback.Agency {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String book(IdempotencyKey key, String what) {
    if (what.startsWith("train")) {
      throw new KnownFailure(new Failure.Rejected("full", "no seat"));
    }
    return "B-" + what;
  }

  @Override
  public void cancel(String key, String booking) {
    cancelled.add(booking);
  }

  @Test
  void whatWasBookedIsCancelled(@TempDir Path directory) {
    try (var holdfast = Holdfast.open(directory.resolve("trips.db"))) {
      var trip = HelloRollback.trip(this);
      holdfast.register(trip);

      assertThat(holdfast.start(trip, "trip-1", "ann").await(PATIENCE))
          .isInstanceOf(Outcome.Compensated.class);
      assertThat(cancelled).containsExactly("B-flight for ann", "B-hotel for ann");
    }
  }
}
