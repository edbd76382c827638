package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Takes a step that waits for a time, or for a signal until a time, to its end. */
final class WaitStep {
  private final Activation activation;
  private final Scope scope;
  private final StepHistory step;
  private final Duration within;

  WaitStep(Activation activation, Scope scope, StepPath path, Duration within) {
    if (within.isNegative() || within.compareTo(RetryPolicy.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A step can wait for 0 to %s, '%s' asks for %s."
              .formatted(RetryPolicy.LONGEST, path, within));
    }
    this.activation = activation;
    this.scope = scope;
    this.step = activation.history().find(path).orElseGet(() -> new StepHistory(path));
    this.within = within;
  }

  /** Returns once the store's clock has read the due time. */
  void sleep() {
    if (step.state() instanceof StepHistory.State.Expired) {
      return;
    }
    Instant due = due();
    while (activation.now().isBefore(due)) {
      activation.checkNotStopped();
      activation.delay(scope, new Wait.Timer(step.path(), due), due);
    }
    activation.outcome(step, new Entry.WaitEnded(step.path()));
  }

  /** Returns the signal, or nothing where none was sent in time. */
  <T> Optional<T> signal(String name, Class<T> type) {
    while (true) {
      switch (step.state()) {
        case StepHistory.State.Done done -> {
          return Optional.of(activation.parts().decode(done.result(), type));
        }
        case StepHistory.State.Expired expired -> {
          return Optional.empty();
        }
        default -> receive(name, type);
      }
    }
  }

  private void receive(String name, Class<?> type) {
    Instant due = due();
    Optional<Entry.SignalReceived> signal =
        activation.signals().take(name, due, each -> isReadable(each, type));
    if (signal.isPresent()) {
      Entry.SignalReceived taken = signal.get();
      activation.outcome(step, new Entry.SignalTaken(step.path(), taken.id(), taken.value()));
    } else if (activation.now().isBefore(due)) {
      scope.await(new Wait.Signal(step.path(), name, due), due);
    } else if (hasCome(name, due)) {
      throw scope.suspend(new Wait.Signal(step.path(), name, due));
    } else {
      activation.outcome(step, new Entry.WaitEnded(step.path()));
    }
  }

  /** Whether one came in time since the mail was read; it is received with the next claim. */
  private boolean hasCome(String name, Instant due) {
    return activation.hasMail(letter ->
        letter.message() instanceof Message.Signal signal
            && signal.name().equals(name)
            && !letter.at().isAfter(due));
  }

  /** What somebody sent must not bring the run down. */
  private boolean isReadable(Entry.SignalReceived signal, Class<?> type) {
    try {
      activation.parts().decode(signal.value(), type);
      return !signal.value().equals(Payload.NULL);
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  private Instant due() {
    if (step.state() instanceof StepHistory.State.Waiting waiting) {
      return waiting.due();
    }
    Instant due = activation.now().plus(within);
    activation.outcome(step, new Entry.WaitStarted(step.path(), due));
    return due;
  }
}
