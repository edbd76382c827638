package dev.holdfast.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.RunState;
import java.time.Instant;

/** The form in which {@code --json} prints: keys in snake_case, times in ISO 8601. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ObjectNode of(RunState state) {
    return object()
        .put("run", state.id().text())
        .put("workflow", state.workflow())
        .put("version", state.version())
        .put("status", state.status().name())
        .put("epochs", state.epoch())
        .put("started_at", state.startedAt().toString())
        .put("changed_at", state.changedAt().toString())
        .put("ready_at", state.readyAt().map(Instant::toString).orElse(null))
        .put("queue", state.queue().orElse(null))
        .put("session", state.session().orElse(null));
  }

  /** The text as JSON where it is that, else as a string. */
  static JsonNode parsedOrText(String text) {
    try {
      return parsed(text);
    } catch (JsonProcessingException notJson) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  static JsonNode parsed(String text) throws JsonProcessingException {
    return MAPPER
        .reader()
        .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .readTree(text);
  }
}
