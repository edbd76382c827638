package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What really reached the targets of a play's effects, counted outside of the runtime. */
final class Outside {
  record Step(RunId run, StepPath path) {}

  private final Map<Step, Integer> done = new HashMap<>();
  private final Set<Step> orphaned = new HashSet<>();
  private final Set<Step> unanswered = new HashSet<>();
  private final Set<Step> asked = new HashSet<>();
  private final Set<Step> said = new HashSet<>();

  /** A call of that step's effect came through, whether or not its caller learned of it. */
  void done(RunId run, StepPath path) {
    done.merge(new Step(run, path), 1, Integer::sum);
  }

  int timesDone(RunId run, StepPath path) {
    return done.getOrDefault(new Step(run, path), 0);
  }

  /** The answer of that step's call did not come back, or came too late. */
  void unanswered(RunId run, StepPath path) {
    unanswered.add(new Step(run, path));
  }

  List<StepPath> unanswered(RunId run) {
    return unanswered.stream().filter(step -> step.run().equals(run)).map(Step::path).toList();
  }

  /** A process called that step's effect which had lost the run. */
  void orphaned(RunId run, StepPath path) {
    orphaned.add(new Step(run, path));
  }

  boolean isOrphaned(RunId run, StepPath path) {
    return orphaned.contains(new Step(run, path));
  }

  /** That step asked a model that can be made to fail. */
  void asked(RunId run, StepPath path) {
    asked.add(new Step(run, path));
  }

  boolean isAsked(RunId run, StepPath path) {
    return asked.contains(new Step(run, path));
  }

  /** That step's effect answered with a text. */
  void said(RunId run, StepPath path) {
    said.add(new Step(run, path));
  }

  boolean isSaid(RunId run, StepPath path) {
    return said.contains(new Step(run, path));
  }
}
