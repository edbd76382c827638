package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fenced;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims that this executor holds, changed with each transaction and back with its rollback;
 * for the writer's thread, where nothing else is said.
 */
final class Claims {
  /**
   * A claim that is held.
   *
   * @param run the run's number
   * @param epoch the claim's number
   * @param nextSequence where the next append must begin
   * @param deaths how many executors in a row died at the run, without an outcome since
   */
  record Held(long run, long epoch, long nextSequence, int deaths) {
    /** A claim of a run at which nobody died. */
    Held(long run, long epoch, long nextSequence) {
      this(run, epoch, nextSequence, 0);
    }
  }

  private final Map<RunId, Held> durable = new ConcurrentHashMap<>();
  private final Map<Long, RunId> executing = new ConcurrentHashMap<>();
  private final Map<RunId, Optional<Held>> changed = new HashMap<>();
  private final Map<RunId, Optional<String>> admitted = new ConcurrentHashMap<>();

  /** The runs whose claims are durable, by their numbers; for any thread. */
  Map<Long, RunId> executing() {
    return Collections.unmodifiableMap(executing);
  }

  @Nullable Held find(RunId run) {
    Optional<Held> change = changed.get(run);
    return change != null ? change.orElse(null) : durable.get(run);
  }

  /**
   * The claim under which an append is written.
   *
   * @throws dev.holdfast.journal.spi.Fenced where it is not held any more
   * @throws IllegalStateException where the append leaves a gap
   */
  Held held(RunId run, long epoch, long sequence) {
    Held held = find(run);
    if (held == null || held.epoch() != epoch) {
      throw fenced(run, epoch);
    }
    if (held.nextSequence() != sequence) {
      throw new IllegalStateException(
          "Run %s: the next sequence is %d, the append begins at %d. Append without gaps."
              .formatted(run, held.nextSequence(), sequence));
    }
    return held;
  }

  /** Whether that claim is held for certain; for any thread. */
  boolean isHeld(RunId run, long epoch) {
    Held held = durable.get(run);
    return held != null && held.epoch() == epoch;
  }

  static Fenced fenced(RunId run, long epoch) {
    return new Fenced(
        "Run %s is not held under claim %d any more. Stop executing it.".formatted(run, epoch));
  }

  void hold(RunId run, Held held) {
    changed.put(run, Optional.of(held));
  }

  /**
   * A run that is held goes through a queue or a session: others may wait until it ends.
   *
   * @param session the key of its session, if it has one
   */
  void admitted(RunId run, Optional<String> session) {
    admitted.put(run, session);
  }

  /** Whether a run that is held goes through a queue or a session; for any thread. */
  boolean isAdmitted(RunId run) {
    return admitted.containsKey(run);
  }

  /** The key of the session that a held run has the turn of; for any thread. */
  Optional<String> session(RunId run) {
    return admitted.getOrDefault(run, Optional.empty());
  }

  void release(RunId run) {
    changed.put(run, Optional.empty());
  }

  void commit() {
    changed.forEach(
        (run, change) -> change.ifPresentOrElse(held -> keep(run, held), () -> drop(run)));
    changed.clear();
  }

  private void keep(RunId run, Held held) {
    if (durable.put(run, held) == null) {
      executing.put(held.run(), run);
    }
  }

  private void drop(RunId run) {
    Held held = durable.remove(run);
    if (held != null) {
      executing.remove(held.run());
      admitted.remove(run);
    }
  }

  /** Some run of which the transaction at hand holds more than before. */
  Optional<Held> anyHeld() {
    return changed.values().stream().flatMap(Optional::stream).findFirst();
  }

  /** The number of some run that the transaction at hand releases. */
  Optional<Long> anyReleased() {
    return changed.entrySet().stream()
        .filter(change -> change.getValue().isEmpty())
        .flatMap(change -> Optional.ofNullable(durable.get(change.getKey())).stream())
        .map(Held::run)
        .findFirst();
  }

  void rollBack() {
    changed.clear();
  }

  /** None is held any more: another process may have taken them over. */
  void lose() {
    changed.clear();
    durable.clear();
    executing.clear();
    admitted.clear();
  }
}
