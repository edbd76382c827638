package dev.holdfast.agents;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat memory as it was when a run came to it; journaled.
 *
 * @param digest of the messages as they were stored
 * @param messages the messages as JSON, repaired
 * @param repaired how many tool calls had no result, and results no call
 */
record Snapshot(String digest, List<String> messages, int repaired) {
  private static final String INTERRUPTED =
      "{\"error\":\"interrupted\",\"message\":\"The conversation broke off here. Nobody knows"
          + " whether this happened. Do not repeat it and do not claim that it did.\"}";

  /** Copies the messages. */
  Snapshot {
    messages = List.copyOf(messages);
  }

  static Snapshot of(List<ChatMessage> stored) {
    var repaired = new ArrayList<ChatMessage>();
    int repairs = 0;
    int next = 0;
    while (next < stored.size()) {
      ChatMessage message = stored.get(next++);
      if (message instanceof ToolExecutionResultMessage) {
        repairs++; // it answers no call: those that do are taken together with theirs
        continue;
      }
      repaired.add(message);
      if (message instanceof AiMessage reply && reply.hasToolExecutionRequests()) {
        int end = next;
        while (end < stored.size() && stored.get(end) instanceof ToolExecutionResultMessage) {
          end++;
        }
        repairs += answer(reply, stored.subList(next, end), repaired);
        next = end;
      }
    }
    return new Snapshot(Messages.digest(Messages.write(stored)), Messages.write(repaired), repairs);
  }

  /** Adds one result for each call of a reply, and says how many were missing or too many. */
  private static int answer(AiMessage reply, List<ChatMessage> results, List<ChatMessage> to) {
    Map<String, Deque<ChatMessage>> byId = new HashMap<>();
    for (ChatMessage each : results) {
      String id = String.valueOf(((ToolExecutionResultMessage) each).id());
      byId.computeIfAbsent(id, fresh -> new ArrayDeque<>()).add(each);
    }
    int missing = 0;
    for (ToolExecutionRequest call : reply.toolExecutionRequests()) {
      Deque<ChatMessage> found = byId.getOrDefault(String.valueOf(call.id()), new ArrayDeque<>());
      missing += found.isEmpty() ? 1 : 0;
      to.add(found.isEmpty() ? interrupted(call) : found.remove());
    }
    return missing + byId.values().stream().mapToInt(Deque::size).sum();
  }

  private static ToolExecutionResultMessage interrupted(ToolExecutionRequest call) {
    return ToolExecutionResultMessage.builder()
        .id(call.id())
        .toolName(call.name())
        .text(INTERRUPTED)
        .isError(true)
        .build();
  }
}
