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
    Optional<Fact> row = find(changed.name());
    if (!changed.run().equals(run) || row.filter(fact -> isAt(run, fact)).isEmpty()) {
      throw new IllegalStateException(
          "Run %s does not hold the fact '%s': %s. Reserve it first."
              .formatted(run, changed.name(), row.map(MemoryLedger::standing).orElse("nobody")));
    }
  }

  /** The fact as it stands, which a person may settle as said. */
  Fact requireDoubtful(Fact settled) {
    Optional<Fact> row = find(settled.name());
    if (row.filter(fact -> fact.state() == Fact.State.IN_DOUBT).isEmpty()) {
      throw new IllegalStateException(
          "The fact '%s' is not in doubt: %s. There is nothing to settle."
              .formatted(settled.name(), row.map(MemoryLedger::standing).orElse("unknown")));
    }
    if (settled.state() != Fact.State.HAPPENED && settled.state() != Fact.State.FREE) {
      throw new IllegalStateException(
          "The fact '%s' cannot be settled as %s. Say that it happened or that it is free."
              .formatted(settled.name(), settled.state()));
    }
    return row.get();
  }

  private static boolean isAt(RunId run, Fact fact) {
    return fact.run().equals(run)
        && (fact.state() == Fact.State.HELD || fact.state() == Fact.State.IN_DOUBT);
  }

  private static String standing(Fact fact) {
    return "%s by run %s at %s".formatted(fact.state(), fact.run(), fact.path());
  }
}
