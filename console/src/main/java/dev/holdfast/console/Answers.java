package dev.holdfast.console;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells for each need what a person may answer and what each answer does.
 *
 * @param remedies the commands
 * @param isExecuted whether an application has the store open
 * @param now the present
 */
record Answers(Remedies remedies, boolean isExecuted, Instant now) {
  List<Answer> of(Need need) {
    return switch (need) {
      case Need.Question question -> of(question);
      case Need.Doubt doubt -> of(doubt);
      case Need.Halt halt -> of(halt);
      case Need.LooseFact loose -> of(loose);
      case Need.Letter letter -> List.of(new Answer("nothing more", whenApplied(letter.run())));
    };
  }

  private List<Answer> of(Need.Question question) {
    Entry.ApprovalAsked asked = question.asked();
    var nothing = new Answer("nothing", silence(question));
    if (isOver(question)) {
      return List.of(nothing);
    }
    return List.of(
        new Answer(
            "yes",
            "the step returns granted, and the run goes on with what it asked for"
                + byCaller(question.run()),
            remedies.commandOfApproval(question.run().id(), asked, "--yes")),
        new Answer(
            "no",
            "the step returns denied, and the run goes on as its code says for a no"
                + byCaller(question.run()),
            remedies.commandOfApproval(question.run().id(), asked, "--no")),
        nothing);
  }

  private boolean isOver(Need.Question question) {
    return now.isAfter(question.asked().due()) && !question.asked().escalates();
  }

  private String silence(Need.Question question) {
    Entry.ApprovalAsked asked = question.asked();
    boolean isDue = now.isAfter(asked.due());
    String when =
        isDue
            ? "the time was up at %s: once %s"
                .formatted(
                    Phrases.time(asked.due(), now),
                    isExecuted ? "the application looks again" : "an application opens this store")
            : "at " + Phrases.time(asked.due(), now);
    return asked.escalates()
        ? when + " others are asked, once"
        : when + " it counts as expired, which is no yes";
  }

  private List<Answer> of(Need.Doubt doubt) {
    List<String> commands = remedies.commandsOfDoubt(doubt.run().id(), doubt.step().path());
    return List.of(
        new Answer("it happened", happened(doubt), commands.getFirst()),
        new Answer("it did not", didNotHappen(doubt), commands.getLast()),
        new Answer("nothing", silence(doubt)));
  }

  private static String happened(Need.Doubt doubt) {
    return switch (doubt.doubted().policy()) {
      case ASK, FAIL, COMPENSATE ->
          "the step returns the JSON that you give, nothing is sent, and the run goes on"
              + byCaller(doubt.run());
      case PROCEED -> "the run went on without knowing, and may complete; nothing is sent";
    };
  }

  private static String didNotHappen(Need.Doubt doubt) {
    return switch (doubt.doubted().policy()) {
      case ASK, FAIL, COMPENSATE ->
          "it is sent again, as try %d%s%s"
              .formatted(doubt.step().attempts() + 1, key(doubt), byCaller(doubt.run()));
      case PROCEED -> "the run went on without knowing, and is quarantined when it gets to its end";
    };
  }

  private static String byCaller(RunState run) {
    return isAttached(run) ? ", when its caller calls again" : "";
  }

  private static String key(Need.Doubt doubt) {
    boolean isKeyed =
        doubt.step().call().map(Entry.Call::contract).filter(Contract.KEYED::equals).isPresent();
    return isKeyed ? " under the same key" : "";
  }

  private static String silence(Need.Doubt doubt) {
    boolean waits = doubt.doubted().policy() != DoubtPolicy.PROCEED;
    String run = waits ? "the run stands still" : "the run goes on and cannot complete";
    return fact(doubt)
        .map(name -> "%s, and every run that asks for %s is refused".formatted(run, name))
        .orElse(run + "; nothing is sent again");
  }

  private static Optional<String> fact(Need.Doubt doubt) {
    return doubt
        .intended()
        .flatMap(sent -> sent.entry().intent())
        .filter(intent -> intent.scope() == Intent.Scope.GLOBAL)
        .map(Intent::name);
  }

  private List<Answer> of(Need.Halt halt) {
    RunState run = halt.run();
    String resumed =
        halt.held()
            .path()
            .map(path -> "%s is tried again, with all its attempts".formatted(path.name()))
            .orElse("its code runs again over what is recorded, so change the cause first");
    return List.of(
        new Answer("resume", resumed + byCaller(run), remedies.commandOfQuarantine(run.id())),
        new Answer(
            "cancel",
            "the run ends; what may have happened is listed with its end",
            remedies.commandOfCancel(run.id())),
        new Answer("nothing", "it stands still"));
  }

  private List<Answer> of(Need.LooseFact loose) {
    List<String> commands = remedies.commandsOfFact(loose.fact().name());
    return List.of(
        new Answer(
            "it happened",
            "whoever asks for it gets the JSON that you give; nothing is sent",
            commands.getFirst()),
        new Answer(
            "it did not",
            "the next run that asks for it brings it about, under the same key",
            commands.getLast()),
        new Answer("nothing", "every run that asks for it is refused"));
  }

  private String whenApplied(RunState run) {
    if (isAttached(run)) {
      return "it is applied when the run's caller calls again";
    }
    return isExecuted
        ? "the application that has this store open applies it, when it is at the run and knows"
            + " its workflow"
        : "it is applied when an application opens this store";
  }

  /** Whether only the run's own caller can execute it. */
  static boolean isAttached(RunState run) {
    return run.workflow().equals("attached");
  }
}
