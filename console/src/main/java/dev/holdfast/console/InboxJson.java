package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import java.util.function.ToIntFunction;

/** Needs as {@code inbox --json} prints them. */
record InboxJson(Answers answers, ToIntFunction<RunId> behind) {
  ObjectNode of(Need need) {
    ObjectNode node =
        Json.object()
            .put("kind", kind(need))
            .put("run", need.run().id().text())
            .put("workflow", need.run().workflow())
            .put("version", need.run().version())
            .put("status", need.run().status().name())
            .put("since", need.since().toString())
            .put("behind", behind.applyAsInt(need.run().id()));
    describe(need, node);
    var array = node.putArray("answers");
    answers.of(need).forEach(answer -> array.add(json(answer)));
    return node;
  }

  private static ObjectNode json(Answer answer) {
    return Json.object()
        .put("answer", answer.says())
        .put("does", answer.does())
        .put("command", answer.command().orElse(null));
  }

  private static String kind(Need need) {
    return switch (need) {
      case Need.Question question -> "approval";
      case Need.Doubt doubt -> "doubt";
      case Need.Halt halt -> "quarantine";
      case Need.LooseFact loose -> "fact";
      case Need.Letter letter -> "mail";
    };
  }

  private static void describe(Need need, ObjectNode node) {
    switch (need) {
      case Need.Question question -> addQuestion(node, question.asked());
      case Need.Doubt doubt -> {
        node.put("step", doubt.step().path().text())
            .put("why", doubt.doubted().reason())
            .put("policy", doubt.doubted().policy().name())
            .put("attempts", doubt.step().attempts());
        doubt.intended().ifPresent(sent -> addIntent(node, sent));
      }
      case Need.Halt halt ->
          node.put("why", halt.held().reason())
              .put("step", halt.held().path().map(Object::toString).orElse(null));
      case Need.LooseFact loose -> {
        node.put("fact", loose.fact().name()).put("step", loose.fact().path().text());
        node.set("input", Json.parsedOrText(loose.fact().input().text()));
      }
      case Need.Letter letter -> node.set("mail", Letters.json(letter.mail()));
    }
  }

  private static void addIntent(ObjectNode node, Need.Sent sent) {
    Entry.EffectIntended intended = sent.entry();
    node.put("contract", intended.call().contract().name())
        .put("idempotency_key", intended.key().text())
        .put("went_out_at", sent.at().toString())
        .put("fact", intended.intent().map(Intent::name).orElse(null));
    node.set("input", Json.parsedOrText(intended.call().input().text()));
  }

  /** What is asked, of whom, until when. */
  static void addQuestion(ObjectNode node, Entry.ApprovalAsked asked) {
    node.put("step", asked.path().text());
    node.set("shown", Json.parsedOrText(asked.shown().text()));
    node.put("digest", asked.digest());
    var approvers = node.putArray("approvers");
    asked.approvers().forEach(approvers::add);
    node.put("due", asked.due().toString()).put("escalates", asked.escalates());
  }
}
