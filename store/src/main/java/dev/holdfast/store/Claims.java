package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claims that this executor holds, changed with each transaction and back with its rollback;
 * for the writer's thread alone.
 */
final class Claims {
  /**
   * A claim that is held.
   *
   * @param run the run's number
   * @param epoch the claim's number
   * @param nextSequence where the next append must begin
   */
  record Held(long run, long epoch, long nextSequence) {}

  private final Map<RunId, Held> durable = new HashMap<>();
  private final Map<RunId, Optional<Held>> changed = new HashMap<>();

  @Nullable Held find(RunId run) {
    Optional<Held> change = changed.get(run);
    return change != null ? change.orElse(null) : durable.get(run);
  }

  void hold(RunId run, Held held) {
    changed.put(run, Optional.of(held));
  }

  void release(RunId run) {
    changed.put(run, Optional.empty());
  }

  void commit() {
    changed.forEach((run, change) ->
        change.ifPresentOrElse(held -> durable.put(run, held), () -> durable.remove(run)));
    changed.clear();
  }

  void rollBack() {
    changed.clear();
  }
}
