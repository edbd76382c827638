package dev.holdfast.bench;

import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that opens a store in which one run is ready, after it opened another one. */
final class OpenLife {
  static final String RUN = "ready";
  static final String SIGNAL = "go";
  private static final Duration CLAIM_MAX = Duration.ofMinutes(1);

  private OpenLife() {}

  /** The run that each life claims: it waits for a signal, again and again. */
  static Workflow<Integer, Integer> workflow(Runnable onBegin) {
    return Workflow.of("ready", Integer.class, Integer.class)
        .body((run, lives) -> {
          onBegin.run();
          for (int i = 0; i < lives; i++) {
            run.awaitSignal(SIGNAL, Integer.class, Duration.ofDays(30));
          }
          return lives;
        });
  }

  /**
   * A life.
   *
   * @param arguments the store's file, and the file of a store that is opened before
   */
  public static void main(String[] arguments) throws Exception {
    openAnother(Path.of(arguments[1]));
    LifeOrders.serve((order, number) -> "ms=" + millisToClaim(Path.of(arguments[0])));
    LifeOrders.answer("ended=1");
  }

  /** Loads the driver and what a store needs of the JVM. */
  private static void openAnother(Path file) {
    try (Holdfast holdfast = Holdfast.open(file)) {
      Workflow<Integer, Integer> workflow = workflow(() -> {});
      holdfast.register(workflow);
      holdfast.start(workflow, RUN, 0).run(CLAIM_MAX);
    }
  }

  private static double millisToClaim(Path file) throws Exception {
    var claimed = new CompletableFuture<Long>();
    Workflow<Integer, Integer> workflow = workflow(() -> claimed.complete(System.nanoTime()));
    long began = System.nanoTime();
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.register(workflow);
      return (claimed.get(CLAIM_MAX.toSeconds(), TimeUnit.SECONDS) - began) / 1e6;
    }
  }
}
