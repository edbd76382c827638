package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Workflow;
import java.util.Map;

/** A payment that is declared idempotent and is not. */
final class Careless implements Scenario<Careless.Till> {
  static final class Till {
    private final Workflow<String, String> sale =
        Workflow.of("sale", String.class, String.class)
            .body((run, order) ->
                run.effect("pay", order, Effect.idempotent(String.class, this::pay)));
    private int payments;

    int payments() {
      return payments;
    }

    private String pay(String order) {
      payments++;
      return "paid " + order;
    }
  }

  @Override
  public Till world() {
    return new Till();
  }

  @Override
  public void begin(Engine engine, Till till) {
    engine.register(till.sale);
    engine.start(till.sale, "sale-1", "17");
  }

  @Override
  public void check(Till till, Map<RunId, Status> ended) {
    assertThat(till.payments).as("payments").isEqualTo(1);
  }
}
