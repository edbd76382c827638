package dev.holdfast.kernel;

import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.List;

/** Branches of one scope that all have to end. */
final class Parallel<T> {
  private final Activation activation;
  private final Scope outer;
  private final Branches<T> branches;

  Parallel(Activation activation, Scope outer, StepPath path, List<Run.Branch<T>> branches) {
    this.activation = activation;
    this.outer = outer;
    this.branches = new Branches<>(activation, outer, path, branches);
  }

  List<T> perform() {
    branches.open();
    branches.execute(branches.slots(), label -> outer.lost(), slot -> {});
    if (outer.isWaiting() || activation.stopped().isPresent()) {
      throw new Suspension();
    }
    branches.rethrowFirst();
    List<T> results = new ArrayList<>();
    branches.slots().forEach(slot -> results.add(slot.result()));
    return results;
  }
}
