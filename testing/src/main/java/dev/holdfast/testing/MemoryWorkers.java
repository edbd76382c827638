package dev.holdfast.testing;

import dev.holdfast.journal.spi.Fenced;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Who has a storage open and may execute its runs; guarded by the storage's lock. */
final class MemoryWorkers {
  private final Map<Long, BooleanSupplier> lapses = new TreeMap<>();
  private final Set<Long> dead = new HashSet<>();
  private long opened;

  /** One that takes over from everybody else. */
  long alone() {
    lapses.clear();
    return joined(() -> false);
  }

  /** One beside the others, until its lease is over. */
  long beside(MemoryLease lease) {
    return joined(lease::isLapsed);
  }

  private long joined(BooleanSupplier isLapsed) {
    opened++;
    lapses.put(opened, isLapsed);
    return opened;
  }

  /** Takes note of leases that are over; whether there is one. */
  boolean lapse() {
    return lapses.values().removeIf(BooleanSupplier::getAsBoolean);
  }

  /**
   * The number under which that worker goes on: whose lease was over joins anew, without its runs.
   *
   * @throws Fenced where it may not go on
   */
  long admitted(long worker, Optional<MemoryLease> lease) {
    return isAlive(worker)
        ? worker
        : lease
            .filter(mine -> !mine.isLapsed())
            .map(this::beside)
            .orElseThrow(
                () -> new Fenced("Another journal took over this storage. Stop executing."));
  }

  boolean isAlive(long worker) {
    return lapses.containsKey(worker);
  }

  /** Notes that its process is gone, whenever the others may learn of it. */
  void died(long worker) {
    dead.add(worker);
  }

  boolean isDead(long worker) {
    return dead.contains(worker);
  }
}
