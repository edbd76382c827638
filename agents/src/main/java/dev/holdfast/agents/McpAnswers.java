package dev.holdfast.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.mcp.client.McpToolResultExtractor;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.util.StringJoiner;

/** Reads every content of a tool's answer: text as it is, anything else as a note of its kind. */
final class McpAnswers implements McpToolResultExtractor {
  @Override
  public ToolExecutionResult extract(JsonNode content, boolean isError) {
    var text = new StringJoiner("\n");
    for (JsonNode item : content) {
      String kind = item.path("type").asText("unknown");
      String type = item.path("mimeType").asText("");
      text.add(
          kind.equals("text")
              ? item.path("text").asText("")
              : "[content of kind %s is left out]".formatted(Told.word(kind + " " + type)));
    }
    return ToolExecutionResult.builder().resultText(text.toString()).isError(isError).build();
  }
}
