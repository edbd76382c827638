package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The corrected workflow plays a run again; what was charged stays charged once. */
class HelloForkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<String> charged = Collections.synchronizedList(new ArrayList<>());

  private Workflow<String, String> order(String version, String word) {
    return Workflow.of("order", String.class, String.class)
        .version(version)
        .body((run, order) -> {
          String receipt = run.effect("charge", order, Effect.keyed(String.class, this::charge));
          return run.step("word", String.class, () -> word + " " + receipt);
        });
  }

  private String charge(Object key, String order) {
    charged.add(order);
    return "R-" + order;
  }

  @Test
  void nobodyIsChargedTwice(@TempDir Path directory) {
    try (var holdfast = Holdfast.open(directory.resolve("orders.db"))) {
      var wrong = order("1", "Sory,");
      holdfast.register(wrong, order("2", "Thanks,"));
      holdfast.start(wrong, "order-17", "17").run(PATIENCE);
      StepPath charge = StepPath.ROOT.child("effect", "charge", 0);

      var again = HelloFork.playedAgain(holdfast, "order-17", charge);

      assertThat(again.await(PATIENCE)).isEqualTo(new Outcome.Completed<>("Thanks, R-17"));
      assertThat(charged).containsExactly("17");
    }
  }
}
