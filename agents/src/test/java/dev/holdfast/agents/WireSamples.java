package dev.holdfast.agents;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** Small replies in each protocol: each calls the tool {@code pay} with {@code {"amount":42}}. */
final class WireSamples {
  private WireSamples() {}

  static HostedModel model(String protocol, String url) {
    HostedModel model =
        switch (protocol) {
          case "openAi" -> HostedModel.openAi("small");
          case "openAiResponses" -> HostedModel.openAiResponses("small");
          case "anthropic" -> HostedModel.anthropic("small");
          case "gemini" -> HostedModel.gemini("small");
          default -> throw new IllegalArgumentException(protocol);
        };
    return model.baseUrl(url + "/v1");
  }

  static String whole(String protocol) {
    return switch (protocol) {
      case "openAi" ->
          """
          {"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1",%s"function":
          {"name":"pay","arguments":"{\\"amount\\":42}"}}]},"finish_reason":"tool_calls"}],
          "usage":{"prompt_tokens":7,"completion_tokens":2}}\
          """
              .formatted("\"type\":\"function\",");
      case "openAiResponses" ->
          """
          {"status":"completed","output":[{"type":"function_call","id":"i1","call_id":"c1",
          "name":"pay","arguments":"{\\"amount\\":42}"}],
          "usage":{"input_tokens":7,"output_tokens":2,"total_tokens":9},"error":null}\
          """;
      case "anthropic" ->
          """
          {"type":"message","role":"assistant","content":[{"type":"tool_use","id":"c1",
          "name":"pay","input":{"amount":42}}],"stop_reason":"tool_use",
          "usage":{"input_tokens":7,"output_tokens":2}}\
          """;
      case "gemini" ->
          """
          {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"id":"c1",
          "name":"pay","args":{"amount":42}}}]},"finishReason":"STOP"}],
          "usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"totalTokenCount":9}}\
          """;
      default -> throw new IllegalArgumentException(protocol);
    };
  }

  static List<String> events(String protocol) {
    return switch (protocol) {
      case "openAi" -> openAiEvents();
      case "openAiResponses" -> openAiResponsesEvents();
      case "anthropic" -> anthropicEvents();
      case "gemini" -> geminiEvents();
      default -> throw new IllegalArgumentException(protocol);
    };
  }

  private static List<String> openAiEvents() {
    return List.of(
        data(
            """
            {"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,\
            "id":"c1","type":"function","function":{"name":"pay","arguments":""}}]}}]}\
            """),
        data(openAiPiece("{\\\"amount\\\":")),
        data(openAiPiece("42}")),
        data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}"),
        data("[DONE]"));
  }

  private static List<String> openAiResponsesEvents() {
    return List.of(
        data("{\"type\":\"response.created\",\"response\":{\"error\":null}}"),
        data(
            """
            {"type":"response.output_item.added","output_index":0,"item":{"id":"i1",\
            "type":"function_call","call_id":"c1","name":"pay","arguments":""}}\
            """),
        data(
            """
            {"type":"response.output_item.done","output_index":0,"item":{"id":"i1",\
            "type":"function_call","call_id":"c1","name":"pay",\
            "arguments":"{\\"amount\\":42}"}}\
            """),
        data(
            "{\"type\":\"response.completed\",\"response\":%s}"
                .formatted(whole("openAiResponses").replace("\n", ""))));
  }

  private static List<String> anthropicEvents() {
    return List.of(
        event("message_start", "\"message\":{\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}"),
        event(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"c1\","
                + "\"name\":\"pay\",\"input\":{}}"),
        event("content_block_delta", anthropicPiece("{\\\"amount\\\":4")),
        event("content_block_delta", anthropicPiece("2}")),
        event("content_block_stop", "\"index\":0"),
        event(
            "message_delta",
            "\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":2}"),
        event("message_stop", "\"x\":0"));
  }

  private static List<String> geminiEvents() {
    return List.of(
        data(whole("gemini").replace("\n", "").replace(",\"finishReason\":\"STOP\"", "")),
        data(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},"
                + "\"finishReason\":\"STOP\"}]}"));
  }

  static String stream(String protocol, int events) {
    return events(protocol).stream().limit(events).collect(joining());
  }

  private static String openAiPiece(String arguments) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":"
        + "{\"arguments\":\"%s\"}}]}}]}".formatted(arguments);
  }

  private static String anthropicPiece(String json) {
    return "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"%s\"}"
        .formatted(json);
  }

  private static String event(String type, String fields) {
    return "event: %s\n".formatted(type) + data("{\"type\":\"%s\",%s}".formatted(type, fields));
  }

  static String data(String json) {
    return "data: %s\n\n".formatted(json);
  }
}
