package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Mail;
import dev.holdfast.journal.spi.Message;
import java.util.List;
import java.util.Optional;

/** Loads what is recorded of a run and journals the mail that came since. */
final class Preparation {
  private static final int PAGE = 1_000;

  private Preparation() {}

  /** The run's history as it is durable now. */
  static History load(JournalReader journal, RunId run) {
    var history = new History();
    long next = 0;
    while (true) {
      List<Recorded> page = journal.entries(run, next, PAGE);
      page.forEach(history::apply);
      if (page.size() < PAGE) {
        return history;
      }
      next = page.getLast().sequence() + 1;
    }
  }

  /** Writes that the run was claimed and what its mail says. */
  static void receive(History history, RunLog log, List<Mail> mail, String worker) {
    history.apply(log.append(new Entry.RunClaimed(worker)));
    for (Mail letter : mail) {
      history.apply(log.append(entryOf(history, letter), List.of(letter.number())));
    }
  }

  private static Entry entryOf(History history, Mail letter) {
    return switch (letter.message()) {
      case Message.Settle settle -> settled(history, settle);
      case Message.Resume resume -> new Entry.RunResumed(resume.who(), resume.why());
    };
  }

  private static Entry settled(History history, Message.Settle settle) {
    Optional<StepHistory> step = history.find(settle.path());
    return step.isPresent() && isOpen(step.get())
        ? new Entry.DoubtSettled(settle.path(), settle.verdict(), settle.who(), settle.why())
        : new Entry.MessageRefused(
            "settle %s (%s)".formatted(settle.path(), nameOf(settle.verdict())),
            "the step is not in doubt, or was settled before");
  }

  private static String nameOf(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> "happened";
      case Verdict.DidNotHappen no -> "did not happen";
    };
  }

  /** Whether somebody may still say what became of the step. */
  static boolean isOpen(StepHistory step) {
    return switch (step.state()) {
      case StepHistory.State.Doubted doubted -> true;
      case StepHistory.State.LeftUnknown left -> left.learned().isEmpty();
      case StepHistory.State.Fresh fresh -> false;
      case StepHistory.State.Attempting open -> false;
      case StepHistory.State.Failed failed -> false;
      case StepHistory.State.Done done -> false;
      case StepHistory.State.GaveUp gaveUp -> false;
      case StepHistory.State.Denied denied -> false;
    };
  }

  /** The steps of a run that stand in doubt. */
  static List<StepPath> openDoubts(History history) {
    return history.steps().stream().filter(Preparation::isOpen).map(StepHistory::path).toList();
  }
}
