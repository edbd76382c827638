package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of runs with one effect each, made to be killed. */
final class EffectsLife {
  /** How many runs are started at a time. */
  static final int AT_ONCE = 8;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private EffectsLife() {}

  /** The store of that folder. */
  static Path store(Path folder) {
    return folder.resolve("runs.db");
  }

  /**
   * A life.
   *
   * @param arguments contract and folder
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    var outside = new EffectsOutside(Contract.valueOf(arguments[0]), folder);
    try (EffectsOutside.Target target = outside.open();
        Holdfast holdfast = Holdfast.open(store(folder))) {
      Effect<String, String> pay = target.effect();
      Workflow<String, String> workflow =
          Workflow.of("effect", String.class, String.class)
              .body((run, id) -> run.effect("pay", id, pay));
      holdfast.register(workflow);
      LifeOrders.serve((order, runs) -> effects(holdfast, workflow, runs));
    }
    LifeOrders.answer("ended=1");
  }

  private static String effects(Holdfast holdfast, Workflow<String, String> workflow, int runs)
      throws Exception {
    var completed = new AtomicInteger();
    var doubts = new AtomicInteger();
    PeerClients.all(
        runs,
        AT_ONCE,
        run -> {
          String id = "effect-" + run;
          Outcome<String> outcome = holdfast.start(workflow, id, id).await(PATIENCE);
          if (outcome instanceof Outcome.InDoubt) {
            doubts.incrementAndGet();
          } else if (outcome instanceof Outcome.Completed) {
            completed.incrementAndGet();
          } else {
            throw new IllegalStateException("Run %s ended %s.".formatted(id, outcome));
          }
        });
    return "completed=%d doubts=%d".formatted(completed.get(), doubts.get());
  }
}
