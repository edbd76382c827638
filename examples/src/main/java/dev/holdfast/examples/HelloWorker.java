package dev.holdfast.examples;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Workflows;

// snippet: hello-worker
/** Named in {@code META-INF/services/dev.holdfast.store.Workflows}, so that each worker has it. */
public final class HelloWorker implements Workflows {
  static final Workflow<String, String> GREETING =
      Workflow.of("greeting", String.class, String.class)
          .body((run, name) ->
              run.effect("greet", name, Effect.read(String.class, who -> "Hello, " + who + "!")));

  @Override
  public void register(Holdfast holdfast) {
    holdfast.register(GREETING);
  }
}
// end: hello-worker
