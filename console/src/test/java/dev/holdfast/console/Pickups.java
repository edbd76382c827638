package dev.holdfast.console;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Stores for tests: one run that completed, one in doubt, one quarantined. */
final class Pickups {
  static final String STEP = "effect:book-pickup#0";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Pickups() {}

  static Workflow<String, String> workflow() {
    return Workflow.of("pickup", String.class, String.class)
        .body((run, what) -> {
          if (what.equals("broken")) {
            throw new IllegalStateException("no such street");
          }
          return run.effect("book-pickup", what, Effect.once(String.class, Pickups::book));
        });
  }

  private static String book(Object key, String what) throws IOException {
    if (what.equals("lost")) {
      throw new IOException("the connection broke");
    }
    return "P-" + what;
  }

  static Path store(Path directory) {
    Path store = directory.resolve("holdfast.db");
    try (var holdfast = Holdfast.open(store)) {
      start(holdfast);
    }
    return store;
  }

  static void start(Holdfast holdfast) {
    var workflow = workflow();
    holdfast.register(workflow);
    holdfast.start(workflow, "pickup-good", "1").await(PATIENCE);
    holdfast.start(workflow, "pickup-doubt", "lost").await(PATIENCE);
    holdfast.start(workflow, "pickup-broken", "broken").await(PATIENCE);
  }
}
