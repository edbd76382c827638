package dev.holdfast.examples;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;

// snippet: hello
/** Pays a customer back once, however often the process dies on the way. */
final class HelloRefund {
  record Refund(String orderId, long cents) {}

  record Receipt(String number, long cents) {}

  /** Your bank's client: it passes the key on, so that the bank knows a repeat. */
  interface Bank {
    Receipt payBack(IdempotencyKey key, Refund refund) throws Exception;
  }

  static Receipt payBack(Path store, Bank bank, Refund refund) {
    var workflow =
        Workflow.of("refund", Refund.class, Receipt.class)
            .body((run, in) ->
                run.effect("pay-back", in, Effect.keyed(Receipt.class, bank::payBack)));
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      return holdfast.start(workflow, "refund-" + refund.orderId(), refund).run();
    }
  }

  private HelloRefund() {}
}
// end: hello
