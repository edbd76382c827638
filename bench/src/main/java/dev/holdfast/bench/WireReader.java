package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.bench.WireReply.Call;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole replies from their raw JSON, without LangChain4j. */
final class WireReader {
  private WireReader() {}

  static WireReply whole(WireProtocol protocol, JsonNode body) {
    return switch (protocol) {
      case CHAT -> chat(body);
      case RESPONSES -> responses(body, body.path("output"));
      case MESSAGES -> messages(body);
      case GENERATE -> generate(body);
    };
  }

  private static WireReply chat(JsonNode body) {
    JsonNode choice = body.path("choices").path(0);
    var calls = new ArrayList<Call>();
    for (JsonNode call : choice.path("message").path("tool_calls")) {
      JsonNode function = call.path("function");
      calls.add(call(WireJson.text(call, "id"), function, function.path("arguments")));
    }
    return new WireReply(
        calls,
        WireJson.count(body.path("usage"), "prompt_tokens"),
        WireJson.count(body.path("usage"), "completion_tokens"),
        WireJson.text(choice, "finish_reason").flatMap(WireReader::chatFinish));
  }

  static Optional<FinishReason> chatFinish(String reason) {
    return switch (reason) {
      case "stop" -> Optional.of(FinishReason.STOP);
      case "length" -> Optional.of(FinishReason.LENGTH);
      case "tool_calls", "function_call" -> Optional.of(FinishReason.TOOL_EXECUTION);
      case "content_filter" -> Optional.of(FinishReason.CONTENT_FILTER);
      default -> Optional.empty();
    };
  }

  static WireReply responses(JsonNode body, Iterable<JsonNode> items) {
    var calls = new ArrayList<Call>();
    for (JsonNode item : items) {
      if (item.path("type").asText().equals("function_call")) {
        calls.add(
            call(
                WireJson.text(item, "call_id").or(() -> WireJson.text(item, "id")),
                item,
                item.path("arguments")));
      }
    }
    Optional<FinishReason> finish =
        switch (body.path("status").asText()) {
          case "completed" ->
              Optional.of(calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION);
          case "incomplete" -> Optional.of(FinishReason.LENGTH);
          default -> Optional.empty();
        };
    return new WireReply(
        calls,
        WireJson.count(body.path("usage"), "input_tokens"),
        WireJson.count(body.path("usage"), "output_tokens"),
        finish);
  }

  private static WireReply messages(JsonNode body) {
    var calls = new ArrayList<Call>();
    for (JsonNode block : body.path("content")) {
      if (block.path("type").asText().equals("tool_use")) {
        calls.add(call(WireJson.text(block, "id"), block, block.path("input")));
      }
    }
    return new WireReply(
        calls,
        WireJson.count(body.path("usage"), "input_tokens"),
        WireJson.count(body.path("usage"), "output_tokens"),
        WireJson.text(body, "stop_reason").flatMap(WireReader::messagesFinish));
  }

  static Optional<FinishReason> messagesFinish(String reason) {
    return switch (reason) {
      case "end_turn", "stop_sequence" -> Optional.of(FinishReason.STOP);
      case "max_tokens" -> Optional.of(FinishReason.LENGTH);
      case "tool_use" -> Optional.of(FinishReason.TOOL_EXECUTION);
      default -> Optional.empty();
    };
  }

  private static WireReply generate(JsonNode body) {
    JsonNode candidate = body.path("candidates").path(0);
    List<Call> calls = generateCalls(candidate);
    return new WireReply(
        calls,
        WireJson.count(body.path("usageMetadata"), "promptTokenCount"),
        WireJson.count(body.path("usageMetadata"), "candidatesTokenCount"),
        WireJson.text(candidate, "finishReason")
            .flatMap(reason -> generateFinish(reason, !calls.isEmpty())));
  }

  static List<Call> generateCalls(JsonNode candidate) {
    var calls = new ArrayList<Call>();
    for (JsonNode part : candidate.path("content").path("parts")) {
      JsonNode call = part.path("functionCall");
      if (call.isObject()) {
        calls.add(call(WireJson.text(call, "id"), call, call.path("args")));
      }
    }
    return calls;
  }

  static Optional<FinishReason> generateFinish(String reason, boolean hasCalls) {
    if (hasCalls) {
      return Optional.of(FinishReason.TOOL_EXECUTION);
    }
    return switch (reason) {
      case "STOP" -> Optional.of(FinishReason.STOP);
      case "MAX_TOKENS" -> Optional.of(FinishReason.LENGTH);
      case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" ->
          Optional.of(FinishReason.CONTENT_FILTER);
      default -> Optional.empty();
    };
  }

  private static Call call(Optional<String> id, JsonNode named, JsonNode arguments) {
    return new Call(id, named.path("name").asText(), WireJson.arguments(arguments));
  }
}
