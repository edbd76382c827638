package dev.holdfast.agents;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The form in which a turn is to be answered: plain text, or a record as JSON. */
final class Answer<T> {
  private static final Pattern FENCE =
      Pattern.compile("\\s*```(?:json)?\\s*\\n(.*?)\\n?\\s*```\\s*", Pattern.DOTALL);

  /** What a text turned out to be. */
  sealed interface Read<T> {
    /** An answer. */
    record Accepted<T>(T value) implements Read<T> {}

    /** None, and what to tell the model. */
    record Refused<T>(String complaint) implements Read<T> {}
  }

  private final Class<T> type;
  private final Optional<JsonObjectSchema> schema;

  private Answer(Class<T> type, Optional<JsonObjectSchema> schema) {
    this.type = type;
    this.schema = schema;
  }

  /** Text for {@code String}, else a JSON object for a record. */
  static <T> Answer<T> of(Class<T> type) {
    return new Answer<>(
        type, type == String.class ? Optional.empty() : Optional.of(AnswerSchema.of(type)));
  }

  Class<T> type() {
    return type;
  }

  /** The message with the form of the answer, where the model has no other way to learn it. */
  String ask(String message, ChatModel model) {
    if (schema.isEmpty() || format(model).isPresent()) {
      return message;
    }
    return """
    %s

    Answer with one JSON object and nothing else, in this schema:
    %s\
    """
        .formatted(message, Json.write(Json.schema(schema.get())));
  }

  /** The response format of the request, where the model understands schemas. */
  Optional<ResponseFormat> format(ChatModel model) {
    if (!model.supportedCapabilities().contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA)) {
      return Optional.empty();
    }
    return schema.map(root ->
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name(type.getSimpleName()).rootElement(root).build())
            .build());
  }

  /** The schema in canonical form; empty for text. */
  String canonical() {
    return schema.map(root -> Json.write(Json.schema(root))).orElse("");
  }

  Read<T> read(String text) {
    if (text.isBlank()) {
      return new Read.Refused<>("Your answer was empty. Answer, or call a tool.");
    }
    if (schema.isEmpty()) {
      return new Read.Accepted<>(type.cast(text));
    }
    try {
      return read(schema.get(), text);
    } catch (Json.Malformed e) {
      return refused(List.of("it is no JSON: " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      return refused(List.of("a value does not fit the type " + type.getSimpleName()));
    }
  }

  private Read<T> read(JsonObjectSchema root, String text) throws Json.Malformed {
    var fence = FENCE.matcher(text);
    Object value = Json.read(fence.matches() ? fence.group(1) : text);
    List<String> problems = SchemaCheck.problems(root, value);
    if (!problems.isEmpty()) {
      return refused(problems);
    }
    T answer = type.cast(Json.bind(value, type));
    return answer == null ? refused(List.of("it is null")) : new Read.Accepted<>(answer);
  }

  private Read<T> refused(List<String> problems) {
    return new Read.Refused<>(
        """
        Your answer was not accepted:
        - %s
        Answer again with one JSON object and nothing else, in this schema:
        %s\
        """
            .formatted(String.join("\n- ", problems), canonical()));
  }
}
