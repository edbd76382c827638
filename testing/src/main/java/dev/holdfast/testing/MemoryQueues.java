package dev.holdfast.testing;

import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The named queues of a storage and the runs in them; guarded by the storage's lock. */
final class MemoryQueues {
  private record Deduplication(String queue, String id) {}

  private final Map<String, Queue> queues = new HashMap<>();
  private final Map<String, Set<MemoryRun>> executing = new HashMap<>();
  private final Map<String, Set<MemoryRun>> waiting = new HashMap<>();
  private final Map<Deduplication, MemoryRun> deduplicated = new HashMap<>();

  void register(Queue queue) {
    queue.requireRoom(queues.keySet().stream().filter(name -> !name.equals(queue.name())).count());
    queues.put(queue.name(), queue);
  }

  Optional<Queue.Load> load(String name) {
    return Optional.ofNullable(queues.get(name))
        .map(queue -> new Queue.Load(queue, of(executing, name).size(), of(waiting, name).size()));
  }

  /** Why a run is not accepted, if it is not. */
  Optional<Start> refusal(NewRun run) {
    if (run.queue().isEmpty()) {
      return Optional.empty();
    }
    String name = run.queue().get();
    MemoryRun first = run.deduplication().map(id -> find(name, id)).orElse(null);
    if (first != null) {
      return Optional.of(new Start.Deduplicated(first.state()));
    }
    Optional<Queue.Load> load = load(name);
    if (load.isEmpty()) {
      return Optional.of(new Start.QueueUnknown(name));
    }
    return load.filter(Queue.Load::isFull).map(Start.QueueFull::new);
  }

  private @Nullable MemoryRun find(String queue, String id) {
    return deduplicated.get(new Deduplication(queue, id));
  }

  /** Notes a run that was accepted. */
  void accepted(MemoryRun run) {
    run.start
        .deduplication()
        .ifPresent(
            id -> deduplicated.put(new Deduplication(run.start.queue().orElseThrow(), id), run));
  }

  /** Notes where a run of a queue stands now. */
  void index(MemoryRun run) {
    run.start
        .queue()
        .ifPresent(name -> {
          place(run, executing, name, Status.EXECUTING);
          place(run, waiting, name, Status.READY);
        });
  }

  private static void place(
      MemoryRun run, Map<String, Set<MemoryRun>> places, String queue, Status status) {
    if (run.status == status) {
      places.computeIfAbsent(queue, fresh -> new HashSet<>()).add(run);
    } else {
      places.getOrDefault(queue, new HashSet<>()).remove(run);
    }
  }

  /** Whether that run may be claimed now by that owner. */
  boolean hasRoom(MemoryRun run, long by, MemoryWorkers workers) {
    if (run.start.queue().isEmpty()) {
      return true;
    }
    String name = run.start.queue().get();
    Queue.Load load = load(name).orElseThrow();
    Set<MemoryRun> others = of(executing, name);
    int held = (int) others.stream().filter(other -> workers.isAlive(other.owner)).count();
    int mine = (int) others.stream().filter(other -> other.owner == by).count();
    boolean isOrphan = run.status == Status.EXECUTING;
    return (isOrphan ? load.roomForOrphans(held, mine) : load.room(mine)) > 0;
  }

  private static Set<MemoryRun> of(Map<String, Set<MemoryRun>> places, String queue) {
    return places.getOrDefault(queue, Set.of());
  }
}
