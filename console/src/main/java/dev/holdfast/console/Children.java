package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The runs that a run started. */
final class Children {
  private Children() {}

  /** Those whose end it has not heard of, in the order in which it started them. */
  static List<RunId> open(List<Recorded> history) {
    Map<StepPath, RunId> open = new LinkedHashMap<>();
    for (Recorded recorded : history) {
      if (recorded.entry() instanceof Entry.ChildStarted started) {
        open.put(started.path(), started.child());
      } else if (recorded.entry() instanceof Entry.ChildEnded ended) {
        open.remove(ended.path());
      }
    }
    return List.copyOf(open.values());
  }
}
