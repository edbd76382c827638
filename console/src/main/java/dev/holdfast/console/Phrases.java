package dev.holdfast.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Short words for values of the journal. */
final class Phrases {
  private static final int PAYLOAD_LENGTH_MAX = 72;
  private static final Pattern UNSHOWN =
      Pattern.compile("[\\p{Cc}\\x{61C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Phrases() {}

  /** A duration in the largest unit that keeps it short, such as {@code 3 min}. */
  static String age(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  /** Seconds with three decimals, such as {@code 0.250 s}. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toMillis() / 1e3);
  }

  static String payload(Payload payload) {
    return shortened(payload.text());
  }

  /** What a step came to; replies of models are put into words, texts lose their quotes. */
  static String result(StepPath path, Payload payload) {
    JsonNode json = Json.parsedOrText(payload.text());
    if (path.kind().equals("model") && json.isObject()) {
      return shortened(reply(json.path("said").isObject() ? json.path("said") : json));
    }
    return shortened(json.isTextual() ? json.asText() : payload.text());
  }

  private static String reply(JsonNode reply) {
    var names = new ArrayList<String>();
    reply.path("calls").forEach(call -> names.add(call.path("tool").path("name").asText()));
    return names.isEmpty()
        ? "says: " + reply.path("text").asText()
        : "asks for " + String.join(", ", names);
  }

  /** A step's path without the kinds of its segments, such as {@code turn#0/refund#0}. */
  static String path(StepPath path) {
    return path.text().replaceAll("(^|/)[a-z]+:", "$1");
  }

  /** The number with the noun, in the plural where it is not one. */
  static String count(int number, String noun) {
    return count(number, noun, noun + "s");
  }

  /** The number with the noun in the right form. */
  static String count(int number, String noun, String nouns) {
    return number + " " + (number == 1 ? noun : nouns);
  }

  /** How many wait until a run of a session ends. */
  static String behind(RunState run, int waiting) {
    return "%s of session %s, until this one ends"
        .formatted(count(waiting, "run waits", "runs wait"), shortened(run.session().orElse("")));
  }

  /** How a run was let in, where that says anything; {@code waiting} until it ends. */
  static List<String> admission(RunState run, int waiting) {
    var lines = new ArrayList<String>();
    run.queue().ifPresent(queue -> lines.add("queue " + shortened(queue)));
    if (run.session().isPresent()) {
      boolean awaitsTurn = run.status() == Status.READY && run.readyAt().isEmpty();
      lines.add(
          "session %s%s"
              .formatted(shortened(run.session().get()), awaitsTurn ? ", waits for its turn" : ""));
    }
    if (waiting > 0) {
      lines.add(behind(run, waiting));
    }
    return lines;
  }

  /** The text in one line of at most 72 characters. */
  static String shortened(String text) {
    String line = visible(text.replaceAll("\\s+", " ")).strip();
    return line.length() <= PAYLOAD_LENGTH_MAX
        ? line
        : line.substring(0, PAYLOAD_LENGTH_MAX - 3) + "...";
  }

  /**
   * The text without what a terminal obeys instead of showing it: control characters and those that
   * turn the direction of writing, which could make a text look like another.
   */
  static String visible(String text) {
    return UNSHOWN.matcher(text).replaceAll("?");
  }

  /** A point in time for people, to the second. */
  static String time(Instant instant) {
    return SECONDS.format(instant);
  }

  /** The same, beside how far it is from now. */
  static String time(Instant instant, Instant now) {
    var distance = Duration.between(now, instant);
    String text = time(instant);
    return distance.isNegative()
        ? "%s (%s ago)".formatted(text, age(distance.negated()))
        : "%s (in %s)".formatted(text, age(distance));
  }

  static String failure(Failure failure) {
    String word =
        switch (failure) {
          case Failure.NotSent notSent -> "not sent";
          case Failure.Rejected rejected -> "rejected";
          case Failure.Transient later -> "try later";
          case Failure.Unknown unknown -> "outcome unknown";
        };
    return word + " (" + shortened(failure.code() + ": " + failure.message()) + ")";
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> "it happened: " + payload(happened.result());
      case Verdict.DidNotHappen didNot -> "it did not happen";
    };
  }

  /** One word of an enum as people write it. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
