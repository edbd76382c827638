package dev.holdfast.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a reply, or one event of a stream, says about itself, in any of the protocols:
 * Anthropic's messages, Gemini's generateContent, OpenAI's chat completions and responses.
 *
 * @param isJson whether it is one JSON value
 * @param isEnd whether the model's reply is whole with it
 * @param error what it tells of an error, if it does
 */
record ReplyData(boolean isJson, boolean isEnd, Optional<ErrorBody> error) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String DONE = "[DONE]";
  private static final Set<String> LAST_EVENTS =
      Set.of("message_stop", "response.completed", "response.incomplete");

  static ReplyData of(String text) {
    Optional<Object> value = value(text);
    if (value.isEmpty()) {
      return new ReplyData(false, text.strip().equals(DONE), Optional.empty());
    }
    Map<?, ?> data = value.get() instanceof Map<?, ?> map ? map : Map.of();
    boolean isEnd =
        LAST_EVENTS.contains(String.valueOf(data.get("type")))
            || tells(data.get("choices"), "finish_reason")
            || tells(data.get("candidates"), "finishReason");
    return new ReplyData(true, isEnd, ErrorBody.in(data));
  }

  private static Optional<Object> value(String text) {
    try {
      return Optional.ofNullable(MAPPER.readValue(text, Object.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static boolean tells(@Nullable Object list, String name) {
    return list instanceof List<?> items
        && items.stream().anyMatch(item -> item instanceof Map<?, ?> map && map.get(name) != null);
  }
}
