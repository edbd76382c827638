package dev.holdfast.bench;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A model that answers at once from a script, by the number of replies that a request holds. */
final class OverheadModel implements ChatModel {
  static final String ANSWER = "All is booked.";
  private static final TokenUsage USAGE = new TokenUsage(100, 20);

  private final List<ChatResponse> replies = new ArrayList<>();
  private final AtomicLong calls = new AtomicLong();

  OverheadModel(OverheadMix mix) {
    for (int round = 0; round < mix.rounds(); round++) {
      List<ToolExecutionRequest> requests = new ArrayList<>();
      for (int i = 0; i < mix.callsPerRound(); i++) {
        requests.add(request(round * mix.callsPerRound() + i));
      }
      replies.add(response(AiMessage.from(requests), FinishReason.TOOL_EXECUTION));
    }
    replies.add(response(AiMessage.from(ANSWER), FinishReason.STOP));
  }

  private static ToolExecutionRequest request(int number) {
    return ToolExecutionRequest.builder()
        .id("call-" + number)
        .name("book")
        .arguments("{\"number\":%d}".formatted(number))
        .build();
  }

  private static ChatResponse response(AiMessage message, FinishReason reason) {
    return ChatResponse.builder().aiMessage(message).finishReason(reason).tokenUsage(USAGE).build();
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    calls.incrementAndGet();
    return replies.get(NaiveLoop.repliesIn(request));
  }

  /** How often it was asked. */
  long calls() {
    return calls.get();
  }
}
