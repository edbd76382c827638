package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fact;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The business facts of a storage and who waits for them; guarded by the storage's lock. */
final class MemoryLedger {
  private final TreeMap<String, Fact> facts = new TreeMap<>();
  private final Map<String, Set<MemoryRun>> waiting = new HashMap<>();

  Optional<Fact> find(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  List<Fact> in(Fact.State state, int countMax) {
    return facts.values().stream().filter(fact -> fact.state() == state).limit(countMax).toList();
  }

  /** Keeps a fact's row, and names the runs that waited for it where nobody is at it any more. */
  List<MemoryRun> put(Fact fact) {
    facts.put(fact.name(), fact);
    if (fact.state() == Fact.State.HELD) {
      return List.of();
    }
    Set<MemoryRun> woken = waiting.remove(fact.name());
    return woken == null
        ? List.of()
        : woken.stream().filter(run -> run.awaits.equals(Optional.of(fact.name()))).toList();
  }

  /** Lets a run wait for a fact, unless nobody is at it: then there is nothing to wait for. */
  boolean await(String name, MemoryRun run) {
    if (find(name).filter(fact -> fact.state() == Fact.State.HELD).isEmpty()) {
      return false;
    }
    waiting.computeIfAbsent(name, fresh -> new LinkedHashSet<>()).add(run);
    return true;
  }

  void requireHeldBy(RunId run, Fact changed) {
    changed.requireHeldBy(run, find(changed.name()));
  }

  /** The fact as it stands, which a person may settle as said. */
  Fact requireDoubtful(Fact settled) {
    return settled.requireDoubtful(find(settled.name()));
  }
}
