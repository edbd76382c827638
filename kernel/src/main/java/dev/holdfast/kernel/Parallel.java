package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Branches of one scope that run at the same time. */
final class Parallel<T> {
  private static final int BRANCHES_MAX = 1_000;

  /** What became of one branch. */
  private static final class Slot<T> {
    private final Run.Branch<T> branch;
    private @Nullable Scope scope;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    Slot(Run.Branch<T> branch) {
      this.branch = branch;
    }
  }

  private final Activation activation;
  private final Scope outer;
  private final StepPath path;
  private final List<Slot<T>> slots = new ArrayList<>();

  Parallel(Activation activation, Scope outer, StepPath path, List<Run.Branch<T>> branches) {
    this.activation = activation;
    this.outer = outer;
    this.path = path;
    branches.forEach(branch -> slots.add(new Slot<>(branch)));
  }

  List<T> perform() {
    List<String> labels = checkedLabels();
    open(labels);
    List<Runnable> work = new ArrayList<>();
    for (Slot<T> slot : slots) {
      work.add(activation.parts().crew().member(() -> fill(slot)));
    }
    activation.parts().settings().scheduler().branches(path.segment(), work);
    return results();
  }

  private void open(List<String> labels) {
    Optional<StepHistory> known = activation.history().find(path);
    if (known.isEmpty()) {
      activation.append(new Entry.ScopeOpened(path, labels));
    } else if (!known.get().branches().equals(labels)) {
      throw outer.tookAnotherPath(
          path, "with branches %s, attempted %s".formatted(known.get().branches(), labels));
    }
  }

  private List<String> checkedLabels() {
    if (slots.size() > BRANCHES_MAX) {
      throw refused(
          "%s has %,d branches > %,d allowed. Split the work."
              .formatted(path, slots.size(), BRANCHES_MAX));
    }
    List<String> labels = slots.stream().map(slot -> slot.branch.label()).toList();
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (!seen.add(label)) {
        throw refused(
            "%s has two branches labelled '%s'. Give each its own label.".formatted(path, label));
      }
    }
    return labels;
  }

  /** Nothing is recorded of it yet, so user code must not go on as if it had been a step. */
  private Suspension refused(String reason) {
    return activation.stop(new Stop.Quarantine(reason, Optional.empty()));
  }

  private void fill(Slot<T> slot) {
    try {
      var scope = new Scope(activation, path.branch(slot.branch.label()));
      slot.scope = scope;
      slot.result = scope.finish(() -> slot.branch.body().apply(scope), scope);
    } catch (Throwable thrown) { // kept for the thread that asked, which rethrows it
      slot.thrown = thrown;
    }
  }

  private List<T> results() {
    for (Slot<T> slot : slots) {
      if (slot.scope != null) {
        outer.takeIn(slot.scope);
      }
    }
    if (outer.isWaiting() || activation.stopped().isPresent()) {
      throw new Suspension();
    }
    rethrowFirst();
    List<T> results = new ArrayList<>();
    slots.forEach(slot -> results.add(slot.result));
    return results;
  }

  private void rethrowFirst() {
    @Nullable Throwable first = null;
    for (Slot<T> slot : slots) {
      if (first == null) {
        first = slot.thrown;
      } else if (slot.thrown != null) {
        first.addSuppressed(slot.thrown);
      }
    }
    switch (first) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new IllegalStateException("A branch threw a checked exception.", first);
    }
  }
}
