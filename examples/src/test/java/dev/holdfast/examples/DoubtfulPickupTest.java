package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoubtfulPickupTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void standsInDoubtUntilSomebodyTellsAndRepeatsNothing(@TempDir Path directory) {
    var vans = new AtomicInteger();
    var workflow =
        DoubtfulPickup.workflow(order -> {
          vans.incrementAndGet();
          throw new IOException("the connection broke");
        });
    Path store = directory.resolve("pickups.db");
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var handle = holdfast.start(workflow, "pickup-1", "4711");
      Outcome<String> outcome = handle.await(PATIENCE);
      assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
      DoubtfulPickup.tell(store, "pickup-1", (Outcome.InDoubt<String>) outcome, "P-17");
      assertThat(handle.run(PATIENCE)).isEqualTo("P-17");
    }
    assertThat(vans).hasValue(1);
  }
}
