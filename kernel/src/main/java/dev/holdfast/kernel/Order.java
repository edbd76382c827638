package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The recorded steps of one scope, held against what its code does now. */
final class Order {
  static final String PATCH = "patch";
  private static final String REMEDY =
      "Guard the change by run.patched(id), give the changed workflow a new version, or deploy the"
          + " old code and resume.";

  private final Activation activation;
  private final StepPath scope;
  private final List<StepPath> steps = new ArrayList<>();

  /** How many steps were recorded before each patch. */
  private final Map<String, Integer> patches = new HashMap<>();

  private final Map<String, Boolean> answers = new HashMap<>();
  private final Optional<StepPath> after;
  private int replayed;

  Order(Activation activation, StepPath scope) {
    this.activation = activation;
    this.scope = scope;
    this.after = activation.history().after(scope);
    for (StepPath recorded : activation.history().order(scope)) {
      if (recorded.kind().equals(PATCH)) {
        patches.put(recorded.name(), steps.size());
      } else {
        steps.add(recorded);
      }
    }
  }

  /** Notes that the code reached that step; stops the run where something else was recorded. */
  void reach(StepPath at) {
    if (replayed < steps.size()) {
      StepPath expected = steps.get(replayed++);
      if (!expected.equals(at)) {
        throw steps.contains(at) ? removed(expected, attempted(at)) : inserted(expected, at);
      }
    } else if (after.isPresent()) {
      throw inserted(after.get(), at);
    }
  }

  /** Notes that the code has ended; stops the run where more was recorded. */
  void end(Optional<String> thrown) {
    if (replayed < steps.size()) {
      StepPath expected = steps.get(replayed);
      throw thrown.isPresent()
          ? changed(expected, "the scope threw %s before it".formatted(thrown.get()))
          : removed(expected, "the scope ended without it");
    }
  }

  /** Whether the new code runs from here on: the first answer counts for the whole scope. */
  boolean patched(String id) {
    StepPath marker = scope.child(PATCH, id, 0); // refuses what is no name
    Boolean known = answers.get(id);
    if (known == null) {
      Integer place = patches.get(id);
      known = place == null ? isLive() : place <= replayed;
      if (place == null && known) {
        activation.append(new Entry.PatchApplied(marker));
      }
      answers.put(id, known);
    }
    return known;
  }

  private boolean isLive() {
    return replayed == steps.size() && after.isEmpty();
  }

  /** Stops the run, since that step is not what was recorded. */
  Suspension changed(StepPath expected, String got) {
    return stop("the code CHANGED", expected, got);
  }

  private Suspension removed(StepPath expected, String got) {
    return stop("code was REMOVED", expected, "which was not reached: " + got);
  }

  private Suspension inserted(StepPath expected, StepPath at) {
    return stop("code was INSERTED", expected, attempted(at) + " before it, which is not recorded");
  }

  private static String attempted(StepPath at) {
    return "attempted '%s'".formatted(at.segment());
  }

  private Suspension stop(String what, StepPath expected, String got) {
    long sequence = activation.history().find(expected).map(StepHistory::sequence).orElse(-1L);
    String reason =
        "Run %s took another path than before: %s in scope '%s'. Entry %d: recorded step '%s', %s."
            .formatted(activation.run(), what, scope, sequence, expected.segment(), got);
    return activation.stop(new Stop.Quarantine(reason + " " + REMEDY, Optional.empty()));
  }
}
