package dev.holdfast.examples;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;

/** Money leaves only after somebody who may say so said yes to exactly this amount. */
final class HelloApproval {
  private HelloApproval() {}

  // snippet: approval
  record Refund(String orderId, long cents, String reason) {}

  interface Bank {
    String payBack(IdempotencyKey key, Refund refund) throws Exception;
  }

  static Workflow<Refund, String> workflow(Bank bank) {
    var terms =
        Approval.by("ada", "bob").within(Duration.ofDays(2)).escalateTo(Duration.ofHours(4), "eve");
    return Workflow.of("refund", Refund.class, String.class)
        .body((run, refund) ->
            switch (run.awaitApproval("manager", refund, terms)) {
              case Approval.Granted yes ->
                  run.effect("pay-back", refund, Effect.keyed(String.class, bank::payBack));
              case Approval.Denied no -> "refused by " + no.who() + ": " + no.why();
              case Approval.Expired silence -> "refused: nobody answered";
            });
  }
  // end: approval
}
