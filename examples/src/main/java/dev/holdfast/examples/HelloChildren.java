package dev.holdfast.examples;

import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.time.Duration;
import java.util.List;

/** Runs that start runs, branches that race, and runs that have to be done in time. */
final class HelloChildren {
  private HelloChildren() {}

  // snippet: children
  record Order(String customer, List<String> parcels) {}

  /** Packs every parcel in a run of its own, two at a time in the whole shop. */
  static Workflow<Order, String> orders(Workflow<String, String> packing) {
    return Workflow.of("order", Order.class, String.class)
        .body((run, order) -> {
          List<Run.Branch<String>> branches =
              order.parcels().stream()
                  .map(parcel -> new Run.Branch<>(parcel, b -> packed(b, packing, parcel)))
                  .toList();
          return order.customer() + " gets " + run.parallel("parcels", branches);
        });
  }

  private static String packed(Run run, Workflow<String, String> packing, String parcel) {
    return run.child("pack", packing, parcel, Admission.throughQueue("packers"));
  }

  // end: children

  // snippet: child-ended
  static String packedOrNot(Run run, Workflow<String, String> packing, String parcel) {
    try {
      return run.child("pack", packing, parcel, Admission.atMost(Duration.ofHours(4)));
    } catch (RunException.ChildEnded ended) {
      return switch (ended.outcome()) {
        case Outcome.Truncated<?> late -> "not packed in time: " + late.facts();
        case Outcome.Cancelled<?> cancelled -> "not packed, says " + cancelled.who();
        default -> throw ended;
      };
    }
  }

  // end: child-ended

  // snippet: race
  /** Waits for the customer, but not for ever. */
  static String answerOrReminder(Run run) {
    return run.race(
        "answer",
        List.of(
            new Run.Branch<>("customer", b -> answer(b)),
            new Run.Branch<>("two-days", b -> afterTwoDays(b))));
  }

  private static String answer(Run run) {
    return run.awaitSignal("answer", String.class, Duration.ofDays(365)).orElseThrow();
  }

  private static String afterTwoDays(Run run) {
    run.sleep("two-days", Duration.ofDays(2));
    return "remind";
  }

  // end: race

  // snippet: deadline
  static Handle<String> today(Holdfast holdfast, Workflow<Order, String> orders, Order order) {
    return holdfast.start(
        orders, "order-17", order, Admission.throughQueue("shop").within(Duration.ofHours(8)));
  }

  // end: deadline
}
