package dev.holdfast.examples;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;

/** One refund per order, whichever run asks for it. */
final class HelloFact {
  private HelloFact() {}

  // snippet: fact
  record Claim(String orderId, long cents) {}

  interface Till {
    String payBack(IdempotencyKey key, Claim claim) throws Exception;
  }

  static Workflow<Claim, String> workflow(Till till) {
    return Workflow.of("claim", Claim.class, String.class)
        .body((run, claim) ->
            run.effect(
                "pay-back",
                claim,
                Effect.<Claim, String>keyed(String.class, till::payBack)
                    .oncePer(Intent.Scope.GLOBAL, "refund", claim.orderId())));
  }
  // end: fact
}
