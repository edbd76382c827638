package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.List;
import java.util.Optional;

/**
 * What a person types to help a run that waits for somebody.
 *
 * @param store the store to name in commands; empty where they find it by themselves
 */
record Remedies(Optional<String> store) {
  /** The fewest characters that stand for a digest. */
  static final int DIGEST_LENGTH_MIN = 16;

  /** What to type where it happened, and where it did not. */
  List<String> commandsOfDoubt(RunId run, StepPath path) {
    String command = "holdfast resolve %s %s".formatted(quoted(run.text()), quoted(path.text()));
    return List.of(
        command + " --happened JSON --why WHY" + option(),
        command + " --did-not-happen --why WHY" + option());
  }

  String commandOfQuarantine(RunId run) {
    return "holdfast resume %s --why WHY%s".formatted(quoted(run.text()), option());
  }

  /** What to type to answer a question with that option; it names what the person was shown. */
  String commandOfApproval(RunId run, Entry.ApprovalAsked asked, String option) {
    String who = asked.approvers().isEmpty() ? "" : " --who WHO";
    return "holdfast approve %s %s %s --digest %s --why WHY%s%s"
        .formatted(
            quoted(run.text()), quoted(asked.path().text()), option, digest(asked), who, option());
  }

  /** As much of a question's digest as nobody finds another question for. */
  static String digest(Entry.ApprovalAsked asked) {
    return asked.digest().substring(0, Math.min(DIGEST_LENGTH_MIN, asked.digest().length()));
  }

  String commandOfCancel(RunId run) {
    return "holdfast cancel %s --why WHY%s".formatted(quoted(run.text()), option());
  }

  /** What to type where a fact happened whose run has ended, and where it did not. */
  List<String> commandsOfFact(String fact) {
    String command = "holdfast resolve --fact %s".formatted(quoted(fact));
    return List.of(
        command + " --happened JSON --why WHY" + option(),
        command + " --did-not-happen --why WHY" + option());
  }

  private String option() {
    return store.map(named -> " --store " + quoted(named)).orElse("");
  }

  /** The text as one word of a shell. */
  static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
