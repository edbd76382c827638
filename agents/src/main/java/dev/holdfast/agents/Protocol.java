package dev.holdfast.agents;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;

/** A protocol that models are spoken to in, with the address and the key of who made it. */
enum Protocol {
  OPEN_AI("langchain4j-open-ai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
  OPEN_AI_RESPONSES("langchain4j-open-ai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
  ANTHROPIC("langchain4j-anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
  GEMINI(
      "langchain4j-google-ai-gemini",
      "https://generativelanguage.googleapis.com/v1beta",
      "GEMINI_API_KEY");

  private final String artifact;
  private final String official;
  private final String keyVariable;

  Protocol(String artifact, String official, String keyVariable) {
    this.artifact = artifact;
    this.official = official;
    this.keyVariable = keyVariable;
  }

  String official() {
    return official;
  }

  String keyVariable() {
    return keyVariable;
  }

  ChatModel whole(ModelAccess access) {
    try {
      return switch (this) {
        case OPEN_AI -> OpenAiClients.whole(access);
        case OPEN_AI_RESPONSES -> OpenAiClients.wholeResponses(access);
        case ANTHROPIC -> AnthropicClients.whole(access);
        case GEMINI -> GeminiClients.whole(access);
      };
    } catch (NoClassDefFoundError missing) {
      throw missing(missing);
    }
  }

  StreamingChatModel streaming(ModelAccess access) {
    try {
      return switch (this) {
        case OPEN_AI -> OpenAiClients.streaming(access);
        case OPEN_AI_RESPONSES -> OpenAiClients.streamingResponses(access);
        case ANTHROPIC -> AnthropicClients.streaming(access);
        case GEMINI -> GeminiClients.streaming(access);
      };
    } catch (NoClassDefFoundError missing) {
      throw missing(missing);
    }
  }

  private IllegalStateException missing(NoClassDefFoundError missing) {
    return new IllegalStateException(
        "The client of this model is not on the class path. Add dev.langchain4j:%s."
            .formatted(artifact),
        missing);
  }
}
