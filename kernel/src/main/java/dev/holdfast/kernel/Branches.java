package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Branches that run at the same time in one scope, each in a scope of its own. */
final class Branches<T> {
  private static final int COUNT_MAX = 1_000;

  /** What became of one branch. */
  static final class Slot<T> {
    private final Run.Branch<T> branch;
    private @Nullable Scope scope;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    Slot(Run.Branch<T> branch) {
      this.branch = branch;
    }

    String label() {
      return branch.label();
    }

    Optional<Scope> scope() {
      return Optional.ofNullable(scope);
    }

    @Nullable T result() {
      return result;
    }

    @Nullable Throwable thrown() {
      return thrown;
    }
  }

  private final Activation activation;
  private final Scope outer;
  private final StepPath path;
  private final List<Slot<T>> slots = new ArrayList<>();

  Branches(Activation activation, Scope outer, StepPath path, List<Run.Branch<T>> branches) {
    this.activation = activation;
    this.outer = outer;
    this.path = path;
    branches.forEach(branch -> slots.add(new Slot<>(branch)));
  }

  List<Slot<T>> slots() {
    return slots;
  }

  /** Journals which branches there are, or checks that a replay has the same. */
  void open() {
    List<String> labels = checkedLabels();
    Optional<StepHistory> known = activation.history().find(path);
    if (known.isEmpty()) {
      activation.append(new Entry.ScopeOpened(path, labels));
    } else if (!known.get().branches().equals(labels)) {
      throw outer.tookAnotherPath(
          path, "with branches %s, attempted %s".formatted(known.get().branches(), labels));
    }
  }

  private List<String> checkedLabels() {
    if (slots.size() > COUNT_MAX) {
      throw refused(
          "%s has %,d branches > %,d allowed. Split the work."
              .formatted(path, slots.size(), COUNT_MAX));
    }
    List<String> labels = slots.stream().map(Slot::label).toList();
    requireUnlike(labels);
    return labels;
  }

  private void requireUnlike(List<String> labels) {
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (!seen.add(label)) {
        throw refused(
            "%s has two branches labelled '%s'. Give each its own label.".formatted(path, label));
      }
    }
  }

  /** Nothing is recorded of it yet, so user code must not go on as if it had been a step. */
  Suspension refused(String reason) {
    return activation.stop(new Stop.Quarantine(reason, Optional.empty()));
  }

  /**
   * Runs these branches until each has ended or waits.
   *
   * @param lost tells by its label whether a branch is to take no further step, if it can come to
   *     that
   * @param returned told, on the branch's thread, of each that came to its end
   */
  void execute(
      List<Slot<T>> chosen,
      Function<String, Optional<BooleanSupplier>> lost,
      Consumer<Slot<T>> returned) {
    var left = new AtomicInteger(chosen.size());
    List<Runnable> work = new ArrayList<>();
    for (Slot<T> slot : chosen) {
      Optional<BooleanSupplier> isLost = lost.apply(slot.label());
      work.add(
          activation
              .parts()
              .crew()
              .member(() -> {
                fill(slot, isLost, returned);
                if (left.decrementAndGet() > 0) {
                  activation.standby().ended();
                }
              }));
    }
    if (!chosen.isEmpty()) {
      activation.standby().forked(chosen.size());
    }
    activation.parts().settings().scheduler().branches(path.segment(), work);
    chosen.forEach(slot -> slot.scope().ifPresent(outer::takeIn));
  }

  private void fill(Slot<T> slot, Optional<BooleanSupplier> isLost, Consumer<Slot<T>> returned) {
    try {
      var scope = new Scope(activation, path.branch(slot.label()), isLost);
      slot.scope = scope;
      slot.result = scope.finish(() -> slot.branch.body().apply(scope), scope);
      returned.accept(slot);
    } catch (Throwable thrown) { // kept for the thread that asked, which rethrows it
      slot.thrown = thrown;
    }
  }

  /** Throws what the first branch in order threw, with the others' suppressed. */
  void rethrowFirst() {
    @Nullable Throwable first = null;
    for (Slot<T> slot : slots) {
      if (first == null) {
        first = slot.thrown;
      } else if (slot.thrown != null) {
        first.addSuppressed(slot.thrown);
      }
    }
    if (first != null) {
      rethrow(first);
    }
  }

  static void rethrow(Throwable thrown) {
    switch (thrown) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException("A branch threw a checked exception.", thrown);
    }
  }
}
