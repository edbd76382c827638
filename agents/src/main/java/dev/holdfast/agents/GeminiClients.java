package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;

/** LangChain4j's clients for Gemini's generateContent. */
final class GeminiClients {
  private GeminiClients() {}

  static ChatModel whole(ModelAccess access) {
    var builder =
        GoogleAiGeminiChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl())
            .apiKey(access.keyOrNone())
            .maxRetries(0);
    access.replyTokensMax().ifPresent(builder::maxOutputTokens);
    return builder.build();
  }

  static StreamingChatModel streaming(ModelAccess access) {
    var builder =
        GoogleAiGeminiStreamingChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl())
            .apiKey(access.keyOrNone());
    access.replyTokensMax().ifPresent(builder::maxOutputTokens);
    return builder.build();
  }
}
