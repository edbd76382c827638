package dev.holdfast.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of made-up exchanges, written line by line. */
final class SmallWire {
  static final String CHAT = "/v1/chat/completions";
  static final String CHAT_CALL =
      """
      {"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function",
      "function":{"name":"pay","arguments":"{\\"amount\\": 42.0}"}}]},
      "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}\
      """;
  static final String CHAT_STREAM =
      """
      data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function",\
      "function":{"name":"pay","arguments":"{\\"am"}}]}}]}

      data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":\
      "ount\\":42}"}}]}}]}

      data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}],\
      "usage":{"prompt_tokens":7,"completion_tokens":2}}

      data: [DONE]

      """;

  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path folder;
  private final List<String> lines = new ArrayList<>();

  SmallWire(Path folder) {
    this.folder = folder;
  }

  SmallWire line(String line) {
    lines.add(line);
    return this;
  }

  SmallWire answer(String endpoint, String path, int status, String json) {
    return exchange(endpoint, path, status, "response", json);
  }

  SmallWire stream(String endpoint, String path, String events) {
    return exchange(endpoint, path, 200, "response_sse", events);
  }

  private SmallWire exchange(String endpoint, String path, int status, String kind, String body) {
    try {
      ObjectNode interaction = MAPPER.createObjectNode();
      interaction.put("endpoint", endpoint).put("path", path).put("status", status);
      interaction.set(
          "request",
          MAPPER.readTree("{\"messages\":[{\"role\":\"user\",\"content\":\"Pay 42.\"}]}"));
      interaction.putObject("response_headers").put("content-length", "3").put("x-id", "1");
      if (kind.equals("response")) {
        interaction.set(kind, MAPPER.readTree(body));
      } else {
        interaction.put(kind, body);
      }
      ObjectNode recording = MAPPER.createObjectNode().put("id", "made-up-" + lines.size());
      recording.putArray("interactions").add(interaction);
      return line(recording.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every protocol, refusals of every kind and an endpoint that nobody speaks to. */
  SmallWire everything() {
    return answer("openai-chat", CHAT, 200, CHAT_CALL).stream("openai-chat", CHAT, CHAT_STREAM)
        .answer(
            "openai-responses",
            "/v1/responses",
            200,
            """
            {"status":"completed","output":[{"type":"function_call","call_id":"c1","name":"pay",
            "arguments":"{}"}],"usage":{"input_tokens":7,"output_tokens":2,"total_tokens":9}}\
            """)
        .answer(
            "anthropic-messages",
            "/v1/messages",
            200,
            """
            {"content":[{"type":"tool_use","id":"c1","name":"pay","input":{"amount":42}}],
            "stop_reason":"tool_use","usage":{"input_tokens":7,"output_tokens":2}}\
            """)
        .answer(
            "google-generate",
            "/v1beta/models/small:generateContent",
            200,
            """
            {"candidates":[{"content":{"parts":[{"functionCall":{"name":"pay",
            "args":{"amount":42}}}]},"finishReason":"STOP"}],
            "usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}}\
            """)
        .answer("openai-chat", CHAT, 429, "{\"error\":{\"code\":429}}")
        .answer("openai-chat", CHAT, 404, "{\"error\":{\"code\":\"model_not_found\"}}")
        .answer(
            "openai-compatible:api.groq.com",
            "/openai" + CHAT,
            400,
            "{\"error\":{\"code\":\"tool_use_failed\",\"failed_generation\":\"<pay>\"}}")
        .answer("bedrock-converse", "/model/small/converse", 200, "{\"output\":{}}");
  }

  Path write() {
    try {
      Files.write(folder.resolve(WireCases.FILE), lines);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only exchange that was added. */
  WireExchange only() {
    try {
      List<WireExchange> exchanges = WireCases.read(write());
      return exchanges.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
