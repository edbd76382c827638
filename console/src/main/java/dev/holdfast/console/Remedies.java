package dev.holdfast.console;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a person types to help a run that waits for somebody.
 *
 * @param store the store to name in commands; empty where they find it by themselves
 */
record Remedies(Optional<Path> store) {
  List<String> ofDoubt(RunId run, StepPath path, Paint paint) {
    var lines = new ArrayList<String>();
    lines.add(paint.alert("Did " + path + " happen?") + " Ask its target, then say so:");
    commandsOfDoubt(run, path).forEach(command -> lines.add("  " + command));
    return lines;
  }

  /** What to type where it happened, and where it did not. */
  List<String> commandsOfDoubt(RunId run, StepPath path) {
    String command = "holdfast resolve %s %s".formatted(quoted(run.text()), quoted(path.text()));
    return List.of(
        command + " --happened JSON --why WHY" + option(),
        command + " --did-not-happen --why WHY" + option());
  }

  List<String> ofQuarantine(RunId run, Paint paint) {
    return List.of(
        paint.alert("The run met something unexpected.") + " Fix the cause, deploy, then:",
        "  " + commandOfQuarantine(run));
  }

  String commandOfQuarantine(RunId run) {
    return "holdfast resume %s --why WHY%s".formatted(quoted(run.text()), option());
  }

  private String option() {
    return store.map(path -> " --store " + quoted(path.toString())).orElse("");
  }

  /** The text as one word of a shell. */
  static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
