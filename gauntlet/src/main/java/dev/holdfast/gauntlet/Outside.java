package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.HashMap;
import java.util.Map;

/** What really reached the targets of a play's effects, counted outside of the runtime. */
final class Outside {
  record Step(RunId run, StepPath path) {}

  private final Map<Step, Integer> done = new HashMap<>();

  /** A call of that step's effect came through, whether or not its caller learned of it. */
  void done(RunId run, StepPath path) {
    done.merge(new Step(run, path), 1, Integer::sum);
  }

  int timesDone(RunId run, StepPath path) {
    return done.getOrDefault(new Step(run, path), 0);
  }
}
