package dev.holdfast.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Named figures in the order in which they are told; for one thread. */
final class Figures {
  private static final MathContext DIGITS = new MathContext(4);

  private final Map<String, String> values = new LinkedHashMap<>();

  Figures put(String name, long count) {
    values.put(name, Long.toString(count));
    return this;
  }

  /** A measured figure, in four digits. */
  Figures put(String name, double measured) {
    if (!Double.isFinite(measured)) {
      throw new IllegalArgumentException("The figure %s is %s.".formatted(name, measured));
    }
    BigDecimal rounded = new BigDecimal(measured).round(DIGITS).stripTrailingZeros();
    values.put(name, rounded.toPlainString());
    return this;
  }

  /** All of them as one JSON object on one line. */
  String json() {
    return values.entrySet().stream()
        .map(each -> "\"%s\":%s".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
