package dev.holdfast.agents;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;

/** LangChain4j's clients for Anthropic's messages. */
final class AnthropicClients {
  /** The protocol wants a limit, and the client's own of 1,024 cuts off everyday replies. */
  private static final int REPLY_TOKENS = 4_096;

  private AnthropicClients() {}

  static ChatModel whole(ModelAccess access) {
    return AnthropicChatModel.builder()
        .httpClientBuilder(access.http())
        .modelName(access.model())
        .baseUrl(access.baseUrl())
        .apiKey(access.keyOrNone())
        .maxTokens(access.replyTokensMax().orElse(REPLY_TOKENS))
        .maxRetries(0)
        .build();
  }

  static StreamingChatModel streaming(ModelAccess access) {
    return AnthropicStreamingChatModel.builder()
        .httpClientBuilder(access.http())
        .modelName(access.model())
        .baseUrl(access.baseUrl())
        .apiKey(access.keyOrNone())
        .maxTokens(access.replyTokensMax().orElse(REPLY_TOKENS))
        .build();
  }
}
