package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads from a journal, without the kernel, which effects nobody can know the outcome of. */
final class OpenIntents {
  private OpenIntents() {}

  /**
   * Steps of contract {@code once} whose last attempt is durable and its end is not: to sequence.
   */
  static Map<StepPath, Long> of(List<Recorded> journal) {
    Map<StepPath, Contract> contracts = new HashMap<>();
    Map<StepPath, Long> open = new HashMap<>();
    for (Recorded recorded : journal) {
      if (recorded.entry() instanceof Entry.EffectIntended intended) {
        contracts.put(intended.path(), intended.call().contract());
        open.put(intended.path(), recorded.sequence());
      } else if (recorded.entry() instanceof Entry.AttemptStarted again) {
        open.put(again.path(), recorded.sequence());
      } else if (recorded.entry() instanceof Entry.OfStep ended) {
        open.remove(ended.path());
      }
    }
    open.keySet().removeIf(path -> contracts.get(path) != Contract.ONCE);
    return open;
  }

  /** How many doubts the run reported so far. */
  static int doubts(List<Recorded> journal) {
    return (int)
        journal.stream().filter(each -> each.entry() instanceof Entry.EffectDoubted).count();
  }
}
