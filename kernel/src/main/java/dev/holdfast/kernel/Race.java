package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Branches of one scope of which the first that returns counts. */
final class Race<T> {
  /** Steps that only wait, so that nothing is lost where nobody needs them any more. */
  private static final Set<String> WAITING_KINDS = Set.of("timer", "signal", "approval");

  private final Activation activation;
  private final Scope outer;
  private final StepPath path;
  private final Branches<T> branches;
  private final AtomicReference<@Nullable String> winner = new AtomicReference<>();

  Race(Activation activation, Scope outer, StepPath path, List<Run.Branch<T>> branches) {
    this.activation = activation;
    this.outer = outer;
    this.path = path;
    this.branches = new Branches<>(activation, outer, path, branches);
  }

  T perform() {
    if (branches.slots().isEmpty()) {
      throw branches.refused("%s has no branch to wait for. Give it one.".formatted(path));
    }
    branches.open();
    winner.set(activation.history().find(path).flatMap(StepHistory::winner).orElse(null));
    List<Branches.Slot<T>> chosen =
        branches.slots().stream().filter(slot -> isToExecute(slot.label())).toList();
    branches.execute(chosen, this::lost, this::returned);
    return concluded();
  }

  /** Once there is a winner, a replay needs the others only to end what they had begun. */
  private boolean isToExecute(String label) {
    String first = winner.get();
    return first == null
        || first.equals(label)
        || activation.history().steps().stream()
            .anyMatch(
                step -> step.path().isWithin(path.branch(label)) && Ledger.mayHaveHappened(step));
  }

  private Optional<BooleanSupplier> lost(String label) {
    return Optional.of(() -> {
      String first = winner.get();
      return (first != null && !first.equals(label)) || outer.isLost();
    });
  }

  private void returned(Branches.Slot<T> slot) {
    if (!outer.isLost() && winner.compareAndSet(null, slot.label())) {
      activation.append(new Entry.RaceWon(path, slot.label()));
      activation.standby().poke();
    }
  }

  private T concluded() {
    if (activation.stopped().isPresent()) {
      throw new Suspension();
    }
    String first = winner.get();
    if (first == null) {
      if (outer.isWaiting() || outer.isLost()) {
        throw new Suspension();
      }
      branches.rethrowFirst();
    }
    boolean isOpen = false;
    for (Branches.Slot<T> slot : branches.slots()) {
      isOpen |= !slot.label().equals(first) && isLeftOpen(path.branch(slot.label()));
    }
    outer.waitsOnly(isOpen);
    if (isOpen) {
      throw new Suspension();
    }
    return result(first);
  }

  /** Drops what a branch waited for that lost; whether it has something to bring to an end yet. */
  private boolean isLeftOpen(StepPath branch) {
    var paths = new ArrayList<StepPath>();
    for (Wait dropped : activation.dropWaits(branch)) {
      paths.add(dropped.path());
    }
    for (StepHistory step : activation.history().steps()) {
      boolean isWaiting =
          step.state() instanceof StepHistory.State.Waiting
              || step.state() instanceof StepHistory.State.Asked;
      if (isWaiting && step.path().isWithin(branch) && !paths.contains(step.path())) {
        paths.add(step.path());
      }
    }
    paths.removeIf(waiting -> !WAITING_KINDS.contains(waiting.kind()));
    paths.forEach(this::drop);
    activation.children().cancelWithin(branch, "another branch of %s was first".formatted(path));
    return activation.waits().stream().anyMatch(wait -> wait.path().isWithin(branch));
  }

  private void drop(StepPath waiting) {
    var recorded = activation.append(new Entry.WaitDropped(waiting));
    activation.history().find(waiting).ifPresent(step -> step.apply(recorded));
  }

  @SuppressWarnings("NullAway") // A branch may return null.
  private T result(@Nullable String label) {
    Branches.Slot<T> slot =
        branches.slots().stream()
            .filter(each -> each.label().equals(label))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("%s has no winner.".formatted(path)));
    Optional<Throwable> thrown = Optional.ofNullable(slot.thrown());
    if (thrown.isPresent()) {
      throw thrown.get() instanceof Suspension suspension
          ? suspension
          : outer.tookAnotherPath(path, "its winner threw " + Redaction.of(thrown.get()));
    }
    return slot.result();
  }
}
