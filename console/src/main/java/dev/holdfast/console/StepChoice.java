package dev.holdfast.console;

import dev.holdfast.journal.StepPath;
import java.util.List;
import java.util.Set;

/** Finds the steps that a person means by a path, a path as it is shown, or a name. */
final class StepChoice {
  private StepChoice() {}

  static List<StepPath> meant(List<StepPath> steps, String text) {
    return steps.stream()
        .filter(path -> Set.of(path.text(), Phrases.path(path)).contains(text))
        .findFirst()
        .map(List::of)
        .orElseGet(() -> steps.stream().filter(path -> path.name().equals(text)).toList());
  }
}
