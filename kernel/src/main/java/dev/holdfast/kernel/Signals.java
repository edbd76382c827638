package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The signals of a run that no step has taken yet; those that came first go first. */
final class Signals {
  private final List<Entry.SignalReceived> waiting = new ArrayList<>();
  private final Consumer<Entry> journal;

  /**
   * Takes over what the journal says.
   *
   * @param journal where a signal is refused that a step cannot read
   */
  Signals(History history, Consumer<Entry> journal) {
    this.journal = journal;
    for (Entry.SignalReceived signal : history.signals()) {
      String name = nameOf(signal.name(), signal.id());
      if (!history.isTaken(name) && !history.isRefused(name)) {
        waiting.add(signal);
      }
    }
  }

  /** What tells a signal apart: its name, which never holds '#', and its sender's id for it. */
  static String nameOf(String name, String id) {
    return "signal %s#%s".formatted(name, id);
  }

  /** The first of that name that was sent by then and can be read; what cannot be is refused. */
  synchronized Optional<Entry.SignalReceived> take(
      String name, Instant latest, Predicate<Entry.SignalReceived> isReadable) {
    for (Iterator<Entry.SignalReceived> each = waiting.iterator(); each.hasNext(); ) {
      Entry.SignalReceived signal = each.next();
      if (signal.name().equals(name) && !signal.sentAt().isAfter(latest)) {
        each.remove();
        if (isReadable.test(signal)) {
          return Optional.of(signal);
        }
        journal.accept(
            new Entry.MessageRefused(
                nameOf(name, signal.id()),
                "its value is not what the step that waits for it can read"));
      }
    }
    return Optional.empty();
  }
}
