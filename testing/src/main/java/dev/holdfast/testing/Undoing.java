package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The law of the order in which effects of a run are undone. */
final class Undoing {
  /** Of the steps that undo others. */
  static final String KIND = "undo";

  private final Set<StepPath> undoable = new HashSet<>();
  private final TreeMap<Long, StepPath> standing = new TreeMap<>();
  private final Map<StepPath, Long> places = new HashMap<>();

  /** Takes the next entry; fails where something is undone before what came later. */
  void follow(Entry.OfStep entry, long place, Supplier<String> broken) {
    if (entry.path().kind().equals(KIND)) {
      undo(entry, broken);
      return;
    }
    if (entry instanceof Entry.EffectIntended intended
        && intended.undo().filter(Entry.Undo.By.class::isInstance).isPresent()) {
      undoable.add(entry.path());
    }
    if (isDenied(entry)) {
      places.remove(entry.path());
    } else if (undoable.contains(entry.path()) && isResult(entry)) {
      places.putIfAbsent(entry.path(), place);
    }
    if (undoable.contains(entry.path()) && happened(entry)) {
      standing.put(places.get(entry.path()), entry.path());
    }
  }

  private static boolean isDenied(Entry.OfStep entry) {
    return entry instanceof Entry.DoubtSettled settled
        && settled.verdict() instanceof Verdict.DidNotHappen;
  }

  /** What was doubted and turned out to have happened had happened by then. */
  private static boolean isResult(Entry.OfStep entry) {
    return entry instanceof Entry.EffectDoubted || happened(entry);
  }

  private void undo(Entry.OfStep entry, Supplier<String> broken) {
    StepPath undone = entry.path().parent();
    if (entry instanceof Entry.EffectIntended && standing.containsValue(undone)) {
      assertThat(standing.lastEntry().getValue()).as(broken).isEqualTo(undone);
    }
    if (happened(entry) && places.containsKey(undone)) {
      standing.remove(places.get(undone));
    }
  }

  private static boolean happened(Entry.OfStep entry) {
    return switch (entry) {
      case Entry.EffectSucceeded done -> done.origin() != Entry.Origin.DEDUPLICATED;
      case Entry.DoubtSettled settled -> settled.verdict() instanceof Verdict.Happened;
      default -> false;
    };
  }
}
