package dev.holdfast.agents;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as annotations write them. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /** The duration, or empty for an empty text. */
  static Optional<Duration> parse(String setting, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "%s = \"%s\" is no duration. Write a whole number and ms, s, m, h or d, such as 10s."
              .formatted(setting, text));
    }
    long count = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
