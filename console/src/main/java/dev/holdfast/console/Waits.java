package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import java.time.Instant;

/** Puts what a parked run waits for into words and into JSON. */
final class Waits {
  private Waits() {}

  static String phrase(Wait wait) {
    return switch (wait) {
      case Wait.Retry retry ->
          "for the next try of %s at %s".formatted(name(wait), Phrases.time(retry.due()));
      case Wait.Probe probe -> "to probe %s at %s".formatted(name(wait), Phrases.time(probe.due()));
      case Wait.Doubt doubt -> "for somebody who knows whether %s happened".formatted(name(wait));
      case Wait.HeldIntent held ->
          "for %s, which is at what %s asks for".formatted(name(held.holder()), name(wait));
      case Wait.HeldFact held ->
          "for run %s, which is at the fact %s, until %s"
              .formatted(held.holder(), held.fact(), Phrases.time(held.due()));
      case Wait.Timer timer ->
          "for the time of %s, %s".formatted(name(wait), Phrases.time(timer.due()));
      case Wait.Signal signal ->
          "for the signal %s until %s".formatted(signal.name(), Phrases.time(signal.due()));
      case Wait.Child child -> "for run %s, which %s started".formatted(child.child(), name(wait));
      case Wait.QueueRoom room ->
          "for room in queue %s until %s".formatted(room.queue(), Phrases.time(room.due()));
      case Wait.Approval approval ->
          "for an approval of %s until %s".formatted(name(wait), Phrases.time(approval.due()));
    };
  }

  static ObjectNode json(Wait wait) {
    ObjectNode node =
        Json.object()
            .put("for", wait.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT))
            .put("step", wait.path().text());
    switch (wait) {
      case Wait.Retry retry -> due(node, retry.due());
      case Wait.Probe probe -> due(node, probe.due());
      case Wait.Doubt doubt -> node.put("why", doubt.reason());
      case Wait.HeldIntent held -> node.put("holder", held.holder().text());
      case Wait.HeldFact held ->
          due(node, held.due()).put("fact", held.fact()).put("holder", held.holder().text());
      case Wait.Timer timer -> due(node, timer.due());
      case Wait.Signal signal -> due(node, signal.due()).put("signal", signal.name());
      case Wait.Child child -> node.put("child", child.child().text());
      case Wait.QueueRoom room -> due(node, room.due()).put("queue", room.queue());
      case Wait.Approval approval -> approvers(due(node, approval.due()), approval);
    }
    return node;
  }

  private static ObjectNode due(ObjectNode node, Instant due) {
    return node.put("due", due.toString());
  }

  private static void approvers(ObjectNode node, Wait.Approval approval) {
    approval.approvers().forEach(node.withArray("approvers")::add);
  }

  private static String name(Wait wait) {
    return name(wait.path());
  }

  private static String name(StepPath path) {
    return Phrases.path(path);
  }
}
