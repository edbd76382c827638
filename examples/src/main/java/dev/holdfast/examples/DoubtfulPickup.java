package dev.holdfast.examples;

import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;

/** A courier that knows no keys and answers no questions: what is unknown is asked, not guessed. */
final class DoubtfulPickup {
  private DoubtfulPickup() {}

  // snippet: once
  interface Courier {
    String pickUp(String orderId) throws Exception;
  }

  static Workflow<String, String> workflow(Courier courier) {
    return Workflow.of("pickup", String.class, String.class)
        .body((run, orderId) ->
            run.effect(
                "book-pickup",
                orderId,
                Effect.once(String.class, (key, in) -> courier.pickUp(in))));
  }

  /** Somebody called the courier and tells what became of every doubt; any process may do so. */
  static void tell(Path store, String run, Outcome.InDoubt<String> outcome, String number) {
    try (Client client = Holdfast.client(store)) {
      var happened = new Verdict.Happened(client.encode(number));
      for (Outcome.Doubt doubt : outcome.effects()) {
        client.settle(run, doubt.path(), happened, "ada", "called the courier");
      }
    }
  }
  // end: once
}
