package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;

/** Turns a recorded request into LangChain4j's. */
final class WireRequest {
  private final WireTalk talk = new WireTalk();

  private WireRequest() {}

  static ChatRequest of(WireProtocol protocol, JsonNode request) {
    var made = new WireRequest();
    switch (protocol) {
      case CHAT -> made.chat(request);
      case RESPONSES -> made.responses(request);
      case MESSAGES -> made.messages(request);
      case GENERATE -> made.generate(request);
    }
    return made.talk.request();
  }

  /** A text, or the texts of a list of parts. */
  private static String words(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    var words = new StringBuilder();
    for (JsonNode part : content) {
      words.append(part.path("text").asText(""));
    }
    return words.toString();
  }

  private void say(String role, String text, List<ToolExecutionRequest> calls) {
    switch (role) {
      case "system", "developer" -> talk.system(text);
      case "assistant", "model" -> talk.model(text, calls);
      default -> talk.user(text);
    }
  }

  private void chat(JsonNode request) {
    for (JsonNode message : request.path("messages")) {
      String text = words(message.path("content"));
      if (message.path("role").asText().equals("tool")) {
        talk.result(message.path("tool_call_id").asText(), "tool", text);
        continue;
      }
      var calls = new ArrayList<ToolExecutionRequest>();
      for (JsonNode call : message.path("tool_calls")) {
        JsonNode function = call.path("function");
        calls.add(WireTalk.call(call.path("id").asText(), function, function.path("arguments")));
      }
      say(message.path("role").asText(), text, calls);
    }
    request.path("tools").forEach(tool -> talk.tool(tool.path("function")));
  }

  private void responses(JsonNode request) {
    talk.system(request.path("instructions").asText(""));
    JsonNode input = request.path("input");
    if (input.isTextual()) {
      talk.user(input.asText());
    }
    for (JsonNode item : input) {
      String callId = item.path("call_id").asText();
      switch (item.path("type").asText("message")) {
        case "message" -> say(item.path("role").asText(), words(item.path("content")), List.of());
        case "function_call" ->
            talk.model("", List.of(WireTalk.call(callId, item, item.path("arguments"))));
        case "function_call_output" -> talk.result(callId, "tool", words(item.path("output")));
        default -> {}
      }
    }
    request.path("tools").forEach(talk::tool);
  }

  private void messages(JsonNode request) {
    talk.system(words(request.path("system")));
    for (JsonNode message : request.path("messages")) {
      var calls = new ArrayList<ToolExecutionRequest>();
      for (JsonNode block : message.path("content")) {
        String type = block.path("type").asText();
        if (type.equals("tool_use")) {
          calls.add(WireTalk.call(block.path("id").asText(), block, block.path("input")));
        } else if (type.equals("tool_result")) {
          talk.result(block.path("tool_use_id").asText(), "tool", words(block.path("content")));
        }
      }
      say(message.path("role").asText(), words(message.path("content")), calls);
    }
    request.path("tools").forEach(talk::tool);
  }

  private void generate(JsonNode request) {
    talk.system(words(request.path("systemInstruction").path("parts")));
    for (JsonNode content : request.path("contents")) {
      var calls = new ArrayList<ToolExecutionRequest>();
      for (JsonNode part : content.path("parts")) {
        JsonNode call = part.path("functionCall");
        JsonNode result = part.path("functionResponse");
        if (call.isObject()) {
          calls.add(WireTalk.call(call.path("id").asText(), call, call.path("args")));
        } else if (result.isObject()) {
          talk.result(
              result.path("id").asText(),
              result.path("name").asText(),
              result.path("response").toString());
        }
      }
      say(content.path("role").asText(), words(content.path("parts")), calls);
    }
    for (JsonNode group : request.path("tools")) {
      group.path("functionDeclarations").forEach(talk::tool);
    }
  }
}
