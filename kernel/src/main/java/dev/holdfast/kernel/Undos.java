package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a workflow says of undoing its effects.
 *
 * @param workflow its name
 * @param byName the undos that it registered
 * @param areRequired whether every effect must say how it is undone
 */
record Undos(String workflow, Map<String, Workflow.Undo<?, ?>> byName, boolean areRequired) {
  /**
   * Reads them.
   *
   * @throws IllegalArgumentException where two have one name
   */
  static Undos of(Workflow<?, ?> workflow) {
    var byName = new TreeMap<String, Workflow.Undo<?, ?>>();
    for (Workflow.Undo<?, ?> undo : workflow.undos()) {
      if (byName.put(undo.name(), undo) != null) {
        throw new IllegalArgumentException(
            "Workflow %s registers the undo '%s' twice. Give each its own name."
                .formatted(workflow.name(), undo.name()));
      }
    }
    return new Undos(workflow.name(), byName, workflow.onFailure() == Workflow.OnFailure.ROLL_BACK);
  }

  Optional<Workflow.Undo<?, ?>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Why an effect must not begin, if it must not: nobody could undo it. */
  Optional<String> refusal(StepPath path, EffectSpec<?, ?> spec) {
    if (spec.contract() == Contract.READ || Rollback.isUndo(path)) {
      return Optional.empty();
    }
    Optional<Entry.Undo> undo = spec.undo();
    if (undo.isPresent() && undo.get() instanceof Entry.Undo.By by) {
      return find(by.name()).isPresent()
          ? Optional.empty()
          : Optional.of(
              "%s is to be undone by '%s', which workflow %s does not register (it has %s)."
                      .formatted(path, by.name(), workflow, byName.keySet())
                  + " Add .undo(…) to its definition, deploy, and resume.");
    }
    if (spec.doubtPolicy() == DoubtPolicy.COMPENSATE) {
      return Optional.of(
          "%s is to be undone where it is in doubt, and names no undo. Call undo(name), deploy, and"
                  .formatted(path)
              + " resume.");
    }
    return areRequired && undo.isEmpty()
        ? Optional.of(
            "Workflow %s rolls back, and %s does not say how it is undone. Call undo(name) or"
                    .formatted(workflow, path)
                + " noUndo(reason), deploy, and resume.")
        : Optional.empty();
  }
}
