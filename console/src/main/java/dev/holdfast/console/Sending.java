package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.store.StoreAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Follows a message into a run: begun before it is sent, it tells what the journal says since.
 *
 * @param store to see who executes it
 * @param next the sequence of the run's next entry when it began
 */
record Sending(JournalReader reader, RunId run, StoreAddress store, long next) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int COUNT_MAX = 1_000;

  static Sending to(RunId run, JournalReader reader, StoreAddress store) {
    long next = reader.last(run).map(Recorded::sequence).orElse(-1L) + 1;
    return new Sending(reader, run, store, next);
  }

  /** Looks for a while what becomes of the message, where anybody could apply it. */
  Delivery follow(Message message) {
    boolean isExecuted = store.isExecuted();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<Delivery> known = look(message);
      if (known.isPresent()) {
        return known.get();
      }
      if (!isExecuted || System.nanoTime() >= deadline || !isStillPatient()) {
        return notYet(message, isExecuted);
      }
    }
  }

  private Delivery notYet(Message message, boolean isExecuted) {
    boolean isInJournal =
        reader.entries(run, next, COUNT_MAX).stream()
            .anyMatch(recorded -> isApplied(message, recorded.entry()));
    if (isInJournal) {
      return Delivery.APPLIED;
    }
    if (reader.find(run).filter(Answers::isAttached).isPresent()) {
      return Delivery.FOR_CALLER;
    }
    return isExecuted ? Delivery.UNDER_WAY : Delivery.RECORDED;
  }

  private static boolean isStillPatient() {
    try {
      Thread.sleep(LOOK);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<Delivery> look(Message message) {
    // The state is read first: where it says that the run has ended, the journal is whole.
    Optional<RunState> state = reader.find(run);
    List<Entry> since = reader.entries(run, next, COUNT_MAX).stream().map(Recorded::entry).toList();
    Optional<String> refusal =
        since.stream().flatMap(entry -> refusal(message, entry).stream()).findFirst();
    if (refusal.isPresent()) {
      return refusal.map(Delivery::refused);
    }
    if (since.stream().anyMatch(entry -> isApplied(message, entry))) {
      return isStillToBeTaken(message, state, since)
          ? Optional.empty()
          : Optional.of(Delivery.APPLIED);
    }
    return state
        .filter(ended -> ended.status().isEnded() && !isForEnded(message))
        .map(ended -> Delivery.refused("the run ended before as " + ended.status()));
  }

  /** A step that waits for the signal may yet find that it cannot read its value. */
  private static boolean isStillToBeTaken(
      Message message, Optional<RunState> state, List<Entry> since) {
    boolean isMoving =
        state
            .map(RunState::status)
            .filter(status -> status == Status.READY || status == Status.EXECUTING)
            .isPresent();
    return message instanceof Message.Signal signal
        && isMoving
        && since.stream()
            .noneMatch(entry ->
                entry instanceof Entry.SignalTaken taken && taken.id().equals(signal.id()));
  }

  private static boolean isForEnded(Message message) {
    return message instanceof Message.Resume;
  }

  private static boolean isApplied(Message message, Entry entry) {
    return switch (message) {
      case Message.Settle settle ->
          entry instanceof Entry.DoubtSettled settled
              && settled.path().equals(settle.path())
              && settled.who().equals(settle.who())
              && settled.why().equals(settle.why());
      case Message.Signal signal ->
          entry instanceof Entry.SignalReceived received
              && received.name().equals(signal.name())
              && received.id().equals(signal.id());
      case Message.Evidence evidence ->
          entry instanceof Entry.DoubtSettled settled
              && settled.path().equals(evidence.path())
              && settled.who().equals(evidence.who());
      case Message.Approve answer ->
          entry.equals(
              new Entry.ApprovalAnswered(
                  answer.path(), answer.granted(), answer.who(), answer.why()));
      case Message.ChildEnded child ->
          entry.equals(new Entry.ChildEnded(child.path(), child.end()));
      case Message.RollBack back ->
          entry.equals(new Entry.RollbackStarted(back.why(), Optional.of(back.who())));
      case Message.Cancel cancel ->
          entry.equals(new Entry.CancelRequested(cancel.who(), cancel.why()));
      case Message.Resume resume -> entry.equals(new Entry.RunResumed(resume.who(), resume.why()));
    };
  }

  /** Why the journal says that this message changed nothing, if it does. */
  private static Optional<String> refusal(Message message, Entry entry) {
    return entry instanceof Entry.MessageRefused refused
            && names(message).stream().anyMatch(refused.message()::startsWith)
        ? Optional.of(refused.reason())
        : Optional.empty();
  }

  /** What a message is called where the journal refuses it. */
  private static List<String> names(Message message) {
    return switch (message) {
      case Message.Settle settle -> List.of("settle %s (".formatted(settle.path()));
      case Message.Signal signal -> {
        String name = "signal %s#%s".formatted(signal.name(), signal.id());
        yield List.of(name, "a repeat of " + name);
      }
      case Message.Evidence evidence -> List.of("evidence of %s (".formatted(evidence.path()));
      case Message.Approve answer ->
          List.of(
              "approve %s (%s by %s)"
                  .formatted(answer.path(), answer.granted() ? "yes" : "no", answer.who()));
      case Message.ChildEnded child -> List.of("the end of run " + child.child());
      case Message.RollBack back -> List.of("roll back");
      case Message.Cancel cancel -> List.of("cancel");
      case Message.Resume resume -> List.of();
    };
  }
}
