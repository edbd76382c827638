package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers a request: words, tool calls, results and tools; media and settings are left out. */
final class WireTalk {
  private final List<ChatMessage> messages = new ArrayList<>();
  private final Map<String, ToolSpecification> tools = new TreeMap<>();

  void system(String text) {
    if (!text.isBlank()) {
      messages.add(SystemMessage.from(text));
    }
  }

  void user(String text) {
    if (!text.isBlank()) {
      messages.add(UserMessage.from(text));
    }
  }

  void model(String text, List<ToolExecutionRequest> calls) {
    if (!text.isBlank() || !calls.isEmpty()) {
      messages.add(
          AiMessage.builder()
              .text(text.isBlank() ? null : text)
              .toolExecutionRequests(calls)
              .build());
    }
  }

  void result(String id, String tool, String text) {
    messages.add(ToolExecutionResultMessage.from(id, tool, text));
  }

  /** A tool call; every one needs an id, a name and arguments here, which not all protocols do. */
  static ToolExecutionRequest call(String id, JsonNode named, JsonNode arguments) {
    JsonNode given = WireJson.arguments(arguments);
    return ToolExecutionRequest.builder()
        .id(id.isBlank() ? "call" : id)
        .name(named.path("name").asText("tool"))
        .arguments(given.isObject() ? given.toString() : "{}")
        .build();
  }

  void tool(JsonNode declared) {
    String name = declared.path("name").asText("");
    if (!name.isBlank()) {
      tools.put(
          name,
          ToolSpecification.builder()
              .name(name)
              .description(declared.path("description").asText(null))
              .build());
    }
  }

  ChatRequest request() {
    if (messages.stream().noneMatch(UserMessage.class::isInstance)) {
      messages.add(UserMessage.from("Go on."));
    }
    var request = ChatRequest.builder().messages(messages);
    if (!tools.isEmpty()) {
      request.toolSpecifications(List.copyOf(tools.values()));
    }
    return request.build();
  }
}
