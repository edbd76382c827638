package dev.holdfast.examples;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A workflow that was changed while runs of it were under way, and one that never ends soon. */
final class HelloChange {
  private HelloChange() {}

  // snippet: patched
  static Workflow<String, String> order(Effect<String, String> check, Effect<String, String> pay) {
    return Workflow.of("order", String.class, String.class)
        .manifest("code", "2026-03-01")
        .body((run, item) -> {
          if (run.patched("check-stock")) { // false in runs that had paid before the change
            run.effect("check-stock", item, check);
          }
          String paid = run.effect("pay", item, pay);
          run.sleep("until-delivery", Duration.ofDays(3));
          return paid;
        });
  }

  // end: patched

  // snippet: turns
  record Talk(List<String> said) {
    Talk and(String more) {
      var all = new ArrayList<String>(said.subList(Math.max(0, said.size() - 9), said.size()));
      all.add(more);
      return new Talk(all); // the last ten: a state stays small
    }
  }

  static Workflow<String, Talk> watch(Effect<String, String> look) {
    return Workflow.of("watch", String.class, Talk.class)
        .body((run, shelf) ->
            run.turns(
                "looks",
                Talk.class,
                new Talk(List.of()),
                (turn, talk) -> {
                  String seen = turn.effect("look", shelf, look);
                  turn.sleep("an-hour", Duration.ofHours(1));
                  Talk next = talk.and(seen);
                  return seen.equals("empty") ? Run.Turn.done(next) : Run.Turn.next(next);
                }));
  }
  // end: turns
}
