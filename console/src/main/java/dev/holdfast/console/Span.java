package dev.holdfast.console;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time such as {@code 500ms}, {@code 30s} or {@code 5m}, at most a day. */
final class Span implements ITypeConverter<Duration> {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,8})(ms|s|m|h)");
  private static final Duration MOST = Duration.ofDays(1);

  @Override
  public Duration convert(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (shape.matches()) {
      Duration span = span(Long.parseLong(shape.group(1)), shape.group(2));
      if (span.compareTo(MOST) <= 0) {
        return span;
      }
    }
    throw new TypeConversionException(
        "'%s' is no time of at most a day. Write it like 500ms, 30s, 5m or 2h".formatted(text));
  }

  /** The time for people. */
  static String text(Duration span) {
    return span.compareTo(Duration.ofSeconds(1)) < 0 ? span.toMillis() + " ms" : Phrases.age(span);
  }

  private static Duration span(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
