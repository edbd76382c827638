package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What senders were told is durable: it waits in the mail until the run's journal says so. */
final class Promises {
  /** A message that was acknowledged; its answer stands after so many entries. */
  private record Promise(RunId run, String what, int from, boolean isReopening) {}

  private final Map<RunId, MemoryRun> runs;
  private final List<Promise> open = new ArrayList<>();

  Promises(Map<RunId, MemoryRun> runs) {
    this.runs = runs;
  }

  /**
   * That message was acknowledged.
   *
   * @param from how long the run's history was before it was sent
   */
  void given(RunId run, Message message, int from) {
    boolean isReopening = message instanceof Message.Resume || message instanceof Message.RollBack;
    open.add(new Promise(run, nameOf(message), from, isReopening));
  }

  /** Fails where a message is neither in the mail nor in the journal of its run. */
  void check() {
    open.removeIf(promise -> {
      MemoryRun run = Objects.requireNonNull(runs.get(promise.run()));
      boolean isInMail =
          run.mail.stream().anyMatch(mail -> nameOf(mail.message()).equals(promise.what()));
      boolean isAnswered = !isInMail && isAnswered(run, promise);
      if (!isInMail && !isAnswered) {
        throw new AssertionError(
            "a message that was acknowledged is kept: '%s' to %s"
                .formatted(promise.what(), promise.run()));
      }
      return isAnswered;
    });
  }

  /** Fails where a message that opens an ended run again was never read. */
  void checkEnd() {
    check();
    for (Promise promise : open) {
      if (promise.isReopening()) {
        throw new AssertionError(
            "a message that was acknowledged is read: '%s' to %s"
                .formatted(promise.what(), promise.run()));
      }
    }
  }

  private static boolean isAnswered(MemoryRun run, Promise promise) {
    boolean isMoot = run.status.isEnded() && !promise.isReopening();
    return isMoot
        || run.entries.stream()
            .skip(promise.from())
            .anyMatch(recorded -> nameOf(recorded.entry()).equals(Optional.of(promise.what())));
  }

  private static String nameOf(Message message) {
    return switch (message) {
      case Message.Signal signal -> signal(signal.name(), signal.id());
      case Message.Settle settle -> settle(settle.path());
      case Message.Approve answer -> approve(answer.path());
      case Message.Cancel cancel -> "cancel";
      case Message.RollBack back -> "roll back";
      case Message.Resume resume -> "resume";
      case Message.Evidence evidence -> "evidence of " + evidence.path();
      case Message.ChildEnded child -> "the end of run " + child.child();
    };
  }

  /** The message that an entry answers, if it answers one. */
  private static Optional<String> nameOf(Entry entry) {
    if (entry instanceof Entry.MessageRefused refused) {
      String text = refused.message().replace("a repeat of ", "");
      return Optional.of(text.contains(" (") ? text.substring(0, text.indexOf(" (")) : text);
    }
    return Optional.ofNullable(
        entry instanceof Entry.SignalReceived signal
            ? signal(signal.name(), signal.id())
            : entry instanceof Entry.DoubtSettled settled
                ? settle(settled.path())
                : entry instanceof Entry.ApprovalAnswered answered
                    ? approve(answered.path())
                    : order(entry));
  }

  private static @Nullable String order(Entry entry) {
    return entry instanceof Entry.CancelRequested
        ? "cancel"
        : entry instanceof Entry.RollbackStarted
            ? "roll back"
            : entry instanceof Entry.RunResumed ? "resume" : null;
  }

  private static String signal(String name, String id) {
    return "signal %s#%s".formatted(name, id);
  }

  private static String settle(StepPath path) {
    return "settle " + path;
  }

  private static String approve(StepPath path) {
    return "approve " + path;
  }
}
