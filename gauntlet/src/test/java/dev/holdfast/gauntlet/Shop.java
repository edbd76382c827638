package dev.holdfast.gauntlet;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bank that remembers keys, a mailbox that can be asked, and a courier that does neither. */
final class Shop {
  final Map<IdempotencyKey, String> refunds = new HashMap<>();
  final List<IdempotencyKey> letters = new ArrayList<>();
  final List<String> pickups = new ArrayList<>();
  final Workflow<String, String> complaint =
      Workflow.of("complaint", String.class, String.class)
          .body((run, order) ->
              run.effect("refund", order, Effect.keyed(String.class, this::refund))
                  + run.effect(
                      "write", order, Effect.verified(String.class, this::write, this::letter))
                  + run.effect("pick-up", order, Effect.once(String.class, this::pickUp)));

  int refunds() {
    return refunds.size();
  }

  private String refund(IdempotencyKey key, String order) {
    return refunds.computeIfAbsent(key, fresh -> "refund of " + order);
  }

  private String write(IdempotencyKey key, String order) {
    letters.add(key);
    return "letter about " + order;
  }

  private Effect.Answer<String> letter(IdempotencyKey key, String order) {
    return letters.contains(key)
        ? new Effect.Answer.Happened<>("letter about " + order)
        : new Effect.Answer.DidNotHappen<>();
  }

  private String pickUp(IdempotencyKey key, String order) {
    pickups.add(order);
    return "van for " + order;
  }
}
