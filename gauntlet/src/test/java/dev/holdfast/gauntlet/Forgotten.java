package dev.holdfast.gauntlet;

import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;

/** A run that waits for a signal which nobody sends. */
final class Forgotten implements Scenario<Workflow<String, String>> {
  @Override
  public Workflow<String, String> world() {
    return Workflow.of("forgotten", String.class, String.class)
        .body((run, input) ->
            run.awaitSignal("go", String.class, Duration.ofDays(300)).orElse("none"));
  }

  @Override
  public void begin(Engine engine, Workflow<String, String> workflow) {
    engine.register(workflow);
    engine.start(workflow, "forgotten-1", "");
  }
}
