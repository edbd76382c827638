package dev.holdfast.testing;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import java.util.Optional;

/**
 * What a run decided once and went on with: told to the world by an effect that follows it.
 *
 * @param kind {@code race} or {@code patch}
 * @param at its place
 * @param value the label of the branch that won, or whether the new code runs
 */
record Decision(String kind, StepPath at, String value) {
  /** What the names of steps that tell a decision begin with. */
  static final String STEP = "go-on-";

  private static final String RACE = "race";

  static Decision winner(StepPath race, String label) {
    return new Decision(RACE, race, label);
  }

  static Decision patch(StepPath patch, boolean isNew) {
    return new Decision("patch", patch, Boolean.toString(isNew));
  }

  /** The decision that a step's input tells of. */
  static Decision parse(String told) {
    String[] parts = told.split(" ", 3);
    return new Decision(parts[0], new StepPath(parts[1]), parts[2]);
  }

  boolean isRace() {
    return kind.equals(RACE);
  }

  /** What a history must hold where this is true; empty where there must be none. */
  Optional<String> recorded() {
    return isRace() || value.equals("true") ? Optional.of(value) : Optional.empty();
  }

  /** Tells the world, which remembers it. */
  void goOn(Run run, String name, World world) {
    String place = "%s of %s".formatted(at, run.id());
    run.effect(
        STEP + name,
        "%s %s %s".formatted(kind, at, value),
        Effect.<String, String>idempotent(String.class, told -> world.decided(place, told))
            .retry(Program.Act.MANY)
            .noUndo("nothing was done"));
  }
}
