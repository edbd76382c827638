package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an answer means by its raw form, read without LangChain4j and without Holdfast. */
sealed interface WireExpected {
  /** A reply of the model. */
  record Reply(WireReply reply) implements WireExpected {}

  /** No reply, and what is to be thought of that. */
  record Refusal(Kind kind) implements WireExpected {}

  /** What a refusal is to be taken for. */
  enum Kind {
    /** Ask again later. */
    LATER,
    /** Do not ask again. */
    NEVER,
    /** Nobody knows what was done; asking again is right. */
    UNKNOWN,
    /** The provider does not say which of these it is. */
    UNTOLD,
    /** The model wrote what the provider could not read; it is asked again. */
    MODEL_ERROR;

    boolean fits(Failure failure) {
      boolean isModelError = failure.code().equals("model-error");
      return switch (this) {
        case LATER -> failure instanceof Failure.Transient && !isModelError;
        case NEVER -> failure instanceof Failure.Rejected;
        case UNTOLD -> !isModelError;
        case UNKNOWN -> failure.isRetryable() && !isModelError;
        case MODEL_ERROR -> failure.isRetryable() && isModelError;
      };
    }
  }

  /** Codes by which a provider says that it could not read its own model. */
  Set<String> MODEL_ERRORS = Set.of("tool_use_failed", "json_validate_failed");

  /** Statuses that ask for patience: RFC 9110, 8470 and 6585, and Anthropic's 529. */
  Set<Integer> LATER = Set.of(408, 409, 425, 429, 529);

  static WireExpected of(WireExchange exchange, WireProtocol protocol) {
    if (exchange.status() >= 300) {
      JsonNode error = WireJson.read(exchange.body()).path("error");
      return new Refusal(kind(Optional.of(exchange.status()), error));
    }
    if (!exchange.isStream()) {
      JsonNode body = WireJson.read(exchange.body());
      if (!body.isObject()) {
        return new Refusal(Kind.UNKNOWN);
      }
      return refusalIn(body).orElseGet(() -> new Reply(WireReader.whole(protocol, body)));
    }
    List<String> data = new WireEvents(exchange.body()).data();
    List<JsonNode> events = data.stream().map(WireJson::read).toList();
    Optional<WireExpected> refusal =
        events.stream().flatMap(event -> refusalIn(event).stream()).findFirst();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    return data.contains("[DONE]") || WireStreamReader.hasEnd(protocol, events)
        ? new Reply(WireStreamReader.read(protocol, events))
        : new Refusal(Kind.UNKNOWN);
  }

  /** An error that came with a status of success. */
  private static Optional<WireExpected> refusalIn(JsonNode body) {
    JsonNode error =
        body.path("error").isObject() ? body.path("error") : body.at("/response/error");
    if (!error.isObject()) {
      return Optional.empty();
    }
    Optional<Integer> status =
        WireJson.count(error, "status_code").or(() -> WireJson.count(error, "code"));
    return Optional.of(new Refusal(kind(status, error)));
  }

  private static Kind kind(Optional<Integer> status, JsonNode error) {
    if (MODEL_ERRORS.contains(error.path("code").asText()) || error.has("failed_generation")) {
      return Kind.MODEL_ERROR;
    }
    if (status.isEmpty()) {
      return Kind.UNTOLD;
    }
    if (LATER.contains(status.get())) {
      return Kind.LATER;
    }
    return status.get() >= 500 ? Kind.UNKNOWN : Kind.NEVER;
  }
}
