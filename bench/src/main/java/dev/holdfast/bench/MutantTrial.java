package dev.holdfast.bench;

import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.gauntlet.Fault;
import dev.holdfast.gauntlet.Faults;
import dev.holdfast.gauntlet.Schedule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Plays the gauntlet on whatever kernel its class loader has, until a law is broken. */
public final class MutantTrial implements Callable<Optional<String>> {
  private static final int COMBINATIONS = 300;
  private static final long SEED = 5;

  /** For whoever loads it by its name. */
  public MutantTrial() {}

  /** The first law that is broken, with its schedule. */
  @Override
  public Optional<String> call() {
    Set<Fault> faults = EnumSet.copyOf(Faults.CALLS.faults());
    faults.addAll(EnumSet.of(Fault.CRASH, Fault.PAUSED, Fault.COMMIT_FAILED, Fault.STORE_AWAY));
    faults.remove(Fault.REJECTED); // a refusal is meant to show
    try {
      Explorer<?> explorer = Explorer.of(new MutantScenario(), faults);
      var schedules = new ArrayList<>(explorer.single());
      schedules.addAll(explorer.combined(COMBINATIONS, SEED));
      for (Schedule schedule : schedules) {
        explorer.play(schedule);
      }
      return Optional.empty();
    } catch (AssertionError broken) {
      return Optional.of(String.valueOf(broken.getMessage()));
    }
  }
}
