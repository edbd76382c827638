package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.EffectFailed;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a model is told where a tool call gave no result: typed, and never an exception's text. */
final class Told {
  /** The failure code of a result that the tool declares as a refusal. */
  static final String DECLINED = "declined";

  /** The failure code of a call whose tool is not what the model was shown. */
  static final String OUTDATED = "outdated-tool";

  private static final String TOOL_ERROR = "{\"error\":\"tool_error\"";

  private static final int WHY_CHARACTERS_MAX = 500;

  private Told() {}

  static String unknownTool(String name, List<String> known) {
    return notice("unknown_tool", "There is no tool '%s'. Nothing was run.".formatted(name))
        .with("tools", known)
        .text();
  }

  static String badArguments(String tool, List<String> problems, Object schema) {
    return notice(
            "invalid_arguments",
            "The arguments of '%s' do not fit. Nothing was run.".formatted(tool))
        .with("problems", problems)
        .with("schema", schema)
        .text();
  }

  /** A person's no, in their words. */
  static String denied(String why) {
    return notice("denied", "A person did not approve this call. Nothing was run.")
        .with("why", bounded(why, WHY_CHARACTERS_MAX))
        .text();
  }

  static String notApproved() {
    return notice("not_approved", "Nobody approved this call in time. Nothing was run.").text();
  }

  /** What a tool's server reports as an error of the tool; its words are its own. */
  static String toolError(String text) {
    return notice("tool_error", text).text();
  }

  /** Whether a result is a tool's report of an error. */
  static boolean isToolError(String result) {
    return result.startsWith(TOOL_ERROR);
  }

  /** Arguments that the tool's own server refuses. */
  static String refusedArguments(String text) {
    return notice("invalid_arguments", "The tool's server refused them; nothing happened.")
        .with("detail", text)
        .text();
  }

  static String failure(Contract contract, EffectFailed failed) {
    Failure failure = failed.failure();
    if (failed instanceof EffectFailed.IntentConflict) {
      return notice(
              "conflict",
              "This was asked for before in this run with other arguments. Nothing was run.")
          .with("detail", failure.message())
          .text();
    }
    return failure(contract, failure);
  }

  static String failure(Contract contract, Failure failure) {
    return switch (failure) {
      case Failure.Rejected(String code, String message) when code.equals(DECLINED) -> message;
      case Failure.Rejected rejected when rejected.code().equals(OUTDATED) ->
          coded(
              "tool_changed",
              rejected,
              "This tool was changed or removed after you were shown it. Nothing was run. Look at"
                  + " the tools that you have now.");
      case Failure.Rejected rejected ->
          coded("rejected", rejected, "It refused; nothing happened.");
      case Failure.NotSent(String code, String message) when code.equals("intent-in-doubt") ->
          coded(
              "in_doubt",
              failure,
              "An earlier call for the same is in doubt; a person must settle that first. This one"
                  + " was not run.");
      case Failure.NotSent notSent ->
          coded("not_sent", notSent, "It could not be reached; nothing happened.");
      case Failure.Transient later ->
          coded("try_later", later, "It cannot do this now; nothing happened.");
      case Failure.Unknown unknown when contract == Contract.READ ->
          coded("failed", unknown, "It gave no result.");
      case Failure.Unknown unknown ->
          coded(
              "outcome_unknown",
              unknown,
              "Nobody knows whether this happened. Do not repeat it and do not claim that it did.");
    };
  }

  private static String coded(String error, Failure failure, String message) {
    return notice(error, message).with("code", failure.code()).text();
  }

  private static Notice notice(String code, String message) {
    return new Notice(new TreeMap<>(Map.of("error", code, "message", message)));
  }

  private record Notice(Map<String, Object> fields) {
    Notice with(String name, Object value) {
      fields.put(name, value);
      return this;
    }

    String text() {
      return Json.write(fields);
    }
  }

  /** Cuts a result that is too long and says so at its end. */
  static String bounded(String text, int charactersMax) {
    if (text.length() <= charactersMax) {
      return text;
    }
    int end = charactersMax;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return "%s%n[truncated: %,d of %,d characters are shown]"
        .formatted(text.substring(0, end), end, text.length())
        .replace(System.lineSeparator(), "\n");
  }

  /** A word of somebody hostile, short and without anything but letters, digits and a few signs. */
  static String word(String text) {
    String plain = text.strip().replaceAll("[^A-Za-z0-9_./+ -]", "?");
    return plain.substring(0, Math.min(plain.length(), 64));
  }

  /** Adds that nothing was done again. */
  static String repeated(String text) {
    return text
        + "\n[this was done before in this run; this is its first result, nothing was repeated]";
  }
}
