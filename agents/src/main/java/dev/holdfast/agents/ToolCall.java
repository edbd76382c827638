package dev.holdfast.agents;

import dev.langchain4j.agent.tool.ToolExecutionRequest;

/**
 * A model's request to call a tool.
 *
 * @param id the call's id, unique in its conversation
 * @param name the tool that the model named; it need not exist
 * @param arguments the arguments as the model wrote them; they need not be JSON
 */
public record ToolCall(String id, String name, String arguments) {
  ToolExecutionRequest request() {
    return ToolExecutionRequest.builder().id(id).name(name).arguments(arguments).build();
  }
}
