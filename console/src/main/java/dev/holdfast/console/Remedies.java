package dev.holdfast.console;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.List;

/** What a person types to help a run that waits for somebody. */
final class Remedies {
  private Remedies() {}

  static List<String> ofDoubt(RunId run, StepPath path, Paint paint) {
    var lines = new ArrayList<String>();
    lines.add(paint.alert("Did " + path + " happen?") + " Ask its target, then say so:");
    commandsOfDoubt(run, path).forEach(command -> lines.add("  " + command));
    return lines;
  }

  /** What to type where it happened, and where it did not. */
  static List<String> commandsOfDoubt(RunId run, StepPath path) {
    String command = "holdfast resolve %s %s".formatted(quoted(run.text()), quoted(path.text()));
    return List.of(command + " --happened JSON --why WHY", command + " --did-not-happen --why WHY");
  }

  static List<String> ofQuarantine(RunId run, Paint paint) {
    return List.of(
        paint.alert("The run met something unexpected.") + " Fix the cause, deploy, then:",
        "  " + commandOfQuarantine(run));
  }

  static String commandOfQuarantine(RunId run) {
    return "holdfast resume %s --why WHY".formatted(quoted(run.text()));
  }

  /** The text as one word of a shell. */
  static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
