package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** Whether two tool results say the same. */
final class ResultText {
  private static final double TOLERANCE = 1e-9;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ResultText() {}

  /** Equal as JSON, numbers within 1e-9; texts that are no JSON character by character. */
  static boolean same(String recorded, String actual) {
    if (recorded.equals(actual)) {
      return true;
    }
    Optional<JsonNode> left = parse(recorded);
    Optional<JsonNode> right = parse(actual);
    return left.isPresent()
        && right.isPresent()
        && left.get().equals(ResultText::compare, right.get());
  }

  private static int compare(JsonNode left, JsonNode right) {
    return sameValue(left, right) ? 0 : 1;
  }

  private static boolean sameValue(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return Math.abs(left.doubleValue() - right.doubleValue()) <= TOLERANCE;
    }
    return left.equals(right);
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      JsonNode parsed = JSON.readTree(text);
      return parsed.isMissingNode() ? Optional.empty() : Optional.of(parsed);
    } catch (JsonProcessingException plain) {
      return Optional.empty();
    }
  }
}
