package dev.holdfast.agents;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Fills in the type of tool calls in a chat completion. Some servers, Mistral's among them, leave
 * it out, and LangChain4j's client for the protocol then drops the call without a word.
 */
final class ToolCallTypes {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final String CALLS = "tool_calls";
  private static final String TYPE = "type";

  private ToolCallTypes() {}

  /** The body with the types; the very same where none is missing. */
  static byte[] filledIn(byte[] body) throws IOException {
    if (!new String(body, StandardCharsets.UTF_8).contains(CALLS)) {
      return body;
    }
    JsonNode root = MAPPER.readTree(body);
    boolean isChanged = false;
    for (JsonNode choice : root.path("choices")) {
      for (JsonNode call : choice.path("message").path(CALLS)) {
        if (call instanceof ObjectNode object
            && !object.hasNonNull(TYPE)
            && object.has("function")) {
          object.put(TYPE, "function");
          isChanged = true;
        }
      }
    }
    return isChanged ? MAPPER.writeValueAsBytes(root) : body;
  }
}
