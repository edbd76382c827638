package dev.holdfast.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;

/** Short words for values of the journal. */
final class Phrases {
  private static final int PAYLOAD_LENGTH_MAX = 72;

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
      return shortened(reply(json));
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
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** The text in one line of at most 72 characters. */
  static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= PAYLOAD_LENGTH_MAX
        ? line
        : line.substring(0, PAYLOAD_LENGTH_MAX - 3) + "...";
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
