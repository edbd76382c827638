package dev.holdfast.agents;

/**
 * A model's request to call a tool.
 *
 * @param id the call's id, unique in its conversation
 * @param name the tool that the model named; it need not exist
 * @param arguments the arguments as the model wrote them; they need not be JSON
 */
public record ToolCall(String id, String name, String arguments) {}
