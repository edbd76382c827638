package dev.holdfast.console;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.List;
import java.util.function.ToIntFunction;

/** Draws needs for people: what is known, and what each answer does. */
record InboxText(Paint paint, Answers answers, ToIntFunction<RunId> behind) {
  /** One need under a headline. */
  List<String> lines(Need need) {
    var sheet = new Sheet(paint).line(headline(need));
    sheet.entry(
        "since",
        "%s, workflow %s %s"
            .formatted(
                Phrases.time(need.since(), answers.now()),
                need.run().workflow(),
                need.run().version()));
    describe(need, sheet);
    int waiting = behind.applyAsInt(need.run().id());
    if (waiting > 0) {
      sheet.entry("behind", Phrases.behind(need.run(), waiting));
    }
    for (Answer answer : answers.of(need)) {
      sheet.entry(answer.says(), answer.does());
      answer.command().ifPresent(sheet::command);
    }
    return sheet.lines();
  }

  private String headline(Need need) {
    return paint.strong(need.run().id().text()) + " " + paint.alert(what(need));
  }

  private static String what(Need need) {
    return switch (need) {
      case Need.Question question -> "asks for an approval";
      case Need.Doubt doubt -> "does not know whether " + name(doubt.step().path()) + " happened";
      case Need.Halt halt -> "is quarantined";
      case Need.LooseFact loose -> "has ended in doubt of a fact that others ask for";
      case Need.Letter letter -> "has mail that is not applied yet";
    };
  }

  private static String name(StepPath path) {
    return Phrases.visible(path.name());
  }

  private void describe(Need need, Sheet sheet) {
    switch (need) {
      case Need.Question question -> describe(question.asked(), sheet);
      case Need.Doubt doubt -> describe(doubt, sheet);
      case Need.Halt halt -> {
        halt.held().path().ifPresent(path -> sheet.entry("step", Phrases.visible(path.text())));
        sheet.entry("why", Phrases.visible(halt.held().reason()));
      }
      case Need.LooseFact loose -> {
        sheet.entry("fact", Phrases.visible(loose.fact().name()));
        sheet.entry("step", Phrases.visible(loose.fact().path().text()));
        sheet.entry("input", Shown.lines(loose.fact().input()));
        sheet.entry("ended", loose.run().status().name());
      }
      case Need.Letter letter -> sheet.entry("mail", Letters.phrase(letter.mail().message()));
    }
  }

  private void describe(Entry.ApprovalAsked asked, Sheet sheet) {
    sheet.entry("step", Phrases.visible(asked.path().text()));
    sheet.entry("shown", Shown.lines(asked.shown()));
    sheet.entry(
        "who may",
        asked.approvers().isEmpty()
            ? "anybody"
            : Phrases.visible(String.join(", ", asked.approvers())));
    sheet.entry(
        "until",
        Phrases.time(asked.due(), answers.now()) + (asked.escalates() ? ", then others" : ""));
  }

  private void describe(Need.Doubt doubt, Sheet sheet) {
    sheet.entry("step", Phrases.visible(doubt.step().path().text()));
    doubt.step().call().ifPresent(call -> sheet.entry("input", Shown.lines(call.input())));
    doubt.intended().ifPresent(sent -> describe(sent, sheet));
    sheet.entry("tries", Integer.toString(doubt.step().attempts()));
    sheet.entry("why", Phrases.visible(doubt.doubted().reason()));
  }

  private void describe(Need.Sent sent, Sheet sheet) {
    sheet.entry("contract", contract(sent.entry().call().contract()));
    sheet.entry("key", sent.entry().key().text());
    sheet.entry("went out", Phrases.time(sent.at(), answers.now()));
  }

  private static String contract(Contract contract) {
    String repeat =
        switch (contract) {
          case READ -> "a repeat changes nothing";
          case IDEMPOTENT -> "a repeat changes nothing more";
          case KEYED -> "the target knows a repeat by its key";
          case TRANSACTIONAL -> "a repeat meets its own row";
          case VERIFIED -> "a probe may find it";
          case ONCE -> "a repeat does harm";
        };
    return Phrases.word(contract) + ": " + repeat;
  }
}
