package dev.holdfast.console;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long ago, such as {@code 30d}, {@code 12h} or {@code 5m}, at most 100 years. */
final class Age implements ITypeConverter<Duration> {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,5})([dhm])");

  @Override
  public Duration convert(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new TypeConversionException(
          "'%s' is no such time. Write it like 30d, 12h or 5m".formatted(text));
    }
    long count = Long.parseLong(shape.group(1));
    return switch (shape.group(2)) {
      case "d" -> Duration.ofDays(Math.min(count, 36_500));
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofMinutes(count);
    };
  }
}
