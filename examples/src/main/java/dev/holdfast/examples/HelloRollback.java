package dev.holdfast.examples;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;

/** Cancels what a trip has booked where a part of it cannot be had. */
final class HelloRollback {
  /** Who books, and cancels, under keys. */
  interface Agency {
    /** Books it, once per key. */
    String book(IdempotencyKey key, String what) throws Exception;

    /** Cancels it, once per key. */
    void cancel(String key, String booking) throws Exception;
  }

  private HelloRollback() {}

  // snippet: rollback
  static Workflow<String, String> trip(Agency agency) {
    return Workflow.of("trip", String.class, String.class)
        .undo(
            "cancel",
            String.class,
            String.class,
            (key, what, booking) -> agency.cancel(key.text(), booking.orElse(what)))
        .onFailure(Workflow.OnFailure.ROLL_BACK)
        .body((run, customer) -> {
          var book = Effect.keyed(String.class, agency::book).undo("cancel");
          return run.effect("hotel", "hotel for " + customer, book)
              + run.effect("flight", "flight for " + customer, book)
              + run.effect("train", "train for " + customer, book);
        });
  }
  // end: rollback
}
