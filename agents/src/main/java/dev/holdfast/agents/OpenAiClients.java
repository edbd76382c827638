package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;

/** LangChain4j's clients for OpenAI's two protocols. */
final class OpenAiClients {
  private OpenAiClients() {}

  static ChatModel whole(ModelAccess access) {
    var builder =
        OpenAiChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl())
            .maxRetries(0);
    access.key().ifPresent(builder::apiKey);
    access
        .replyTokensMax()
        .ifPresent(isOfficial(access) ? builder::maxCompletionTokens : builder::maxTokens);
    return builder.build();
  }

  static StreamingChatModel streaming(ModelAccess access) {
    var builder =
        OpenAiStreamingChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl());
    access.key().ifPresent(builder::apiKey);
    access
        .replyTokensMax()
        .ifPresent(isOfficial(access) ? builder::maxCompletionTokens : builder::maxTokens);
    return builder.build();
  }

  /** OpenAI's newer models refuse the older name of the limit, other servers know no other. */
  private static boolean isOfficial(ModelAccess access) {
    return access.baseUrl().equals(Protocol.OPEN_AI.official());
  }

  static ChatModel wholeResponses(ModelAccess access) {
    var builder =
        OpenAiResponsesChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl());
    access.key().ifPresent(builder::apiKey);
    access.replyTokensMax().ifPresent(builder::maxOutputTokens);
    return builder.build();
  }

  static StreamingChatModel streamingResponses(ModelAccess access) {
    var builder =
        OpenAiResponsesStreamingChatModel.builder()
            .httpClientBuilder(access.http())
            .modelName(access.model())
            .baseUrl(access.baseUrl());
    access.key().ifPresent(builder::apiKey);
    access.replyTokensMax().ifPresent(builder::maxOutputTokens);
    return builder.build();
  }
}
