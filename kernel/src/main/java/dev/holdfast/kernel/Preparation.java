package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Loads what is recorded of a run and journals the mail that came since. */
final class Preparation {
  private static final int PAGE = 1_000;

  private Preparation() {}

  /** The run's history as it is durable now. */
  static History load(JournalReader journal, RunId run) {
    var history = new History();
    pages(journal, run, history::apply);
    return history;
  }

  /** Hands on everything that is recorded of a run, in order. */
  static void pages(JournalReader journal, RunId run, Consumer<Recorded> to) {
    List<Recorded> page = journal.entries(run, 0, PAGE);
    page.forEach(to);
    while (page.size() == PAGE) {
      page = journal.entries(run, page.getLast().sequence() + 1, PAGE);
      page.forEach(to);
    }
  }

  /**
   * What the claim that writes there needs of the run's history: who undoes a run needs all that it
   * did, also what a replay would skip.
   */
  static History load(JournalReader journal, RunLog log, List<Message.Mail> mail) {
    History history = load(journal, log);
    return Rollback.isOf(history, mail) && !log.gaps().isEmpty()
        ? load(journal, log.run())
        : history;
  }

  private static History load(JournalReader journal, RunLog log) {
    var history = new History();
    long next = 0;
    for (Claim.Gap gap : log.gaps()) {
      read(journal, log, history, next, gap.from());
      next = gap.until();
    }
    read(journal, log, history, next, Long.MAX_VALUE);
    return history;
  }

  private static void read(
      JournalReader journal, RunLog log, History history, long from, long until) {
    long next = from;
    while (next < until) {
      int count = (int) Math.min(PAGE, until - next);
      List<Recorded> page = journal.entries(log.run(), next, count);
      for (Recorded recorded : page) {
        history.apply(recorded);
        log.seals().read(recorded);
      }
      if (page.size() < count) {
        return;
      }
      next += count;
    }
  }

  /** Writes what the run's mail says. */
  static void receive(History history, RunLog log, List<Message.Mail> mail) {
    for (Message.Mail letter : mail) {
      Entry entry = entryOf(history, letter);
      history.apply(log.receive(entry, letter.number(), facts(log.run(), history, entry)));
    }
  }

  private static Entry entryOf(History history, Message.Mail letter) {
    return switch (letter.message()) {
      case Message.Settle settle -> settled(history, settle);
      case Message.Evidence evidence -> learned(history, evidence);
      case Message.Signal signal -> received(history, signal, letter.at());
      case Message.Approve answer -> answered(history, answer, letter.at());
      case Message.ChildEnded child -> ended(history, child);
      case Message.Cancel cancel ->
          refusalWhileUndoing(history, "cancel")
              .orElseGet(() -> new Entry.CancelRequested(cancel.who(), cancel.why()));
      case Message.RollBack back ->
          refusalWhileUndoing(history, "roll back")
              .orElseGet(() -> new Entry.RollbackStarted(back.why(), Optional.of(back.who())));
      case Message.Resume resume -> new Entry.RunResumed(resume.who(), resume.why());
    };
  }

  private static List<Fact> facts(RunId run, History history, Entry entry) {
    return entry instanceof Entry.DoubtSettled settled
        ? history
            .find(settled.path())
            .flatMap(step -> Ledger.after(run, history, step, entry))
            .stream()
            .toList()
        : List.of();
  }

  private static Optional<Entry> refusalWhileUndoing(History history, String message) {
    return history
        .rollback()
        .map(started -> new Entry.MessageRefused(message, "the run is being rolled back"));
  }

  private static Entry received(History history, Message.Signal signal, Instant sentAt) {
    String name = Signals.nameOf(signal.name(), signal.id());
    return history.hasReceived(name)
        ? new Entry.MessageRefused("a repeat of " + name, "a signal with this id came before")
        : new Entry.SignalReceived(
            signal.name(), signal.id(), signal.value(), signal.who(), sentAt);
  }

  private static Entry answered(History history, Message.Approve answer, Instant at) {
    Optional<String> refusal = refusal(history, answer, at);
    return refusal.isEmpty()
        ? new Entry.ApprovalAnswered(answer.path(), answer.granted(), answer.who(), answer.why())
        : new Entry.MessageRefused(
            "approve %s (%s by %s)"
                .formatted(answer.path(), answer.granted() ? "yes" : "no", answer.who()),
            refusal.get());
  }

  /** Why an answer does not count, if it does not. */
  static Optional<String> refusal(History history, Message.Approve answer, Instant at) {
    Optional<StepHistory.State> state = history.find(answer.path()).map(StepHistory::state);
    if (state.isEmpty() || !(state.get() instanceof StepHistory.State.Question question)) {
      return Optional.of("no approval is asked for there");
    }
    return switch (question) {
      case StepHistory.State.Answered first -> Optional.of(saidBefore(first.answer()));
      case StepHistory.State.Expired expired -> Optional.of("the time to answer was over");
      case StepHistory.State.Asked asked -> refusal(asked.question(), answer, at);
    };
  }

  private static Optional<String> refusal(
      Entry.ApprovalAsked question, Message.Approve answer, Instant at) {
    if (!question.digest().equals(answer.digest())) {
      return Optional.of(
          "the answer is to something else (digest %s) than is asked now (digest %s); look again"
              .formatted(answer.digest(), question.digest()));
    }
    if (!question.approvers().isEmpty() && !question.approvers().contains(answer.who())) {
      return Optional.of("%s may not answer, %s may".formatted(answer.who(), question.approvers()));
    }
    return at.isAfter(question.due()) && !question.escalates()
        ? Optional.of("the time to answer was over at " + question.due())
        : Optional.empty();
  }

  private static Entry settled(History history, Message.Settle settle) {
    boolean isTaken =
        history
            .find(settle.path())
            .filter(Preparation::isOpen)
            .filter(step -> settle.doubt().orElse(step.changedAt()) == step.changedAt())
            .filter(step -> !Ledger.forbids(step, settle.verdict()))
            .isPresent();
    return isTaken
        ? new Entry.DoubtSettled(settle.path(), settle.verdict(), settle.who(), settle.why())
        : new Entry.MessageRefused(
            "settle %s (%s)".formatted(settle.path(), nameOf(settle.verdict())),
            "the step is not in doubt, or was settled otherwise before");
  }

  private static Entry learned(History history, Message.Evidence evidence) {
    Optional<String> refusal =
        history
            .find(evidence.path())
            .map(step -> Evidence.refusal(step, evidence))
            .orElse(Optional.of("there is no such step"));
    return refusal.isEmpty()
        ? new Entry.DoubtSettled(
            evidence.path(), evidence.verdict(), evidence.who(), evidence.why())
        : new Entry.MessageRefused(
            "evidence of %s (%s by %s)"
                .formatted(evidence.path(), nameOf(evidence.verdict()), evidence.who()),
            refusal.get());
  }

  private static Entry ended(History history, Message.ChildEnded message) {
    boolean isAwaited =
        history
            .find(message.path())
            .filter(step ->
                step.state() instanceof StepHistory.State.Running running
                    && running.child().child().equals(message.child()))
            .isPresent();
    return isAwaited
        ? new Entry.ChildEnded(message.path(), message.end())
        : new Entry.MessageRefused(
            "the end of run " + message.child(), "no step waits for it, or it ended before");
  }

  private static String nameOf(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> "happened";
      case Verdict.DidNotHappen no -> "did not happen";
    };
  }

  private static String saidBefore(Entry.ApprovalAnswered first) {
    return "%s said %s before: %s"
        .formatted(first.who(), first.granted() ? "yes" : "no", first.why());
  }

  /** Whether somebody may still say what became of the step. */
  static boolean isOpen(StepHistory step) {
    boolean isUndo = Rollback.isUndo(step.path());
    return switch (step.state()) {
      case StepHistory.State.Doubted doubted -> true;
      case StepHistory.State.LeftUnknown left -> left.learned().isEmpty();
      case StepHistory.State.Fresh fresh -> false;
      case StepHistory.State.Attempting open -> false;
      case StepHistory.State.Failed failed -> isUndo; // a person may have undone it by hand
      case StepHistory.State.Done done -> false;
      case StepHistory.State.GaveUp gaveUp -> isUndo;
      case StepHistory.State.Denied denied -> false;
      case StepHistory.State.Waiting waiting -> false;
      case StepHistory.State.Question question -> false;
      case StepHistory.State.Child child -> false;
    };
  }

  /** The steps of a run that stand in doubt. */
  static List<StepPath> openDoubts(History history) {
    return history.steps().stream().filter(Preparation::isOpen).map(StepHistory::path).toList();
  }
}
