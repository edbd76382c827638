package dev.holdfast.agents;

import java.util.Optional;

/**
 * An agent's answer to one message of its user.
 *
 * @param text the answer
 * @param endedBy the tool call whose result is the answer; empty where the model wrote it
 * @param stepsUsed model calls of the conversation so far
 * @param tokensUsed tokens charged to the conversation so far
 */
public record Turn(String text, Optional<ToolCall> endedBy, int stepsUsed, long tokensUsed) {}
