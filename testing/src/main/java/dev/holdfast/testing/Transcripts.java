package dev.holdfast.testing;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Optional;

/** What models that play a part read from requests and make of replies. */
final class Transcripts {
  private Transcripts() {}

  static int repliesIn(ChatRequest request) {
    return (int) request.messages().stream().filter(AiMessage.class::isInstance).count();
  }

  static ChatResponse response(AiMessage message, FinishReason finish, Optional<TokenUsage> usage) {
    var response = ChatResponse.builder().aiMessage(message).finishReason(finish);
    usage.ifPresent(response::tokenUsage);
    return response.build();
  }
}
