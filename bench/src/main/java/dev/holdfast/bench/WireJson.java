package dev.holdfast.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as it was recorded. */
final class WireJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** 1 and 1.0 are one number. */
  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
          return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
      };

  private WireJson() {}

  /** One JSON value; a missing node where the text is none. */
  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** Arguments as a model wrote them; none at all are an empty object. */
  static JsonNode arguments(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return MAPPER.createObjectNode();
    }
    JsonNode value = read(text);
    return value.isMissingNode() ? new TextNode(text) : value;
  }

  /** Arguments that are part of a JSON document, as a value or as a text. */
  static JsonNode arguments(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return MAPPER.createObjectNode();
    }
    return node.isTextual() ? arguments(node.asText()) : node;
  }

  static boolean isEqual(JsonNode one, JsonNode other) {
    return one.equals(BY_VALUE, other);
  }

  static Optional<String> text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isTextual() && !value.asText().isEmpty()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  static Optional<Integer> count(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.canConvertToInt() ? Optional.of(value.intValue()) : Optional.empty();
  }
}
