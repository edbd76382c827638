package dev.holdfast.bench;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** LangChain4j's clients as they come, without any of ours: tells whose fault a failure is. */
final class WirePlain {
  private static final int PATIENCE_SECONDS = 3;
  private static final String MODEL = "recorded";
  private static final String KEY = "none";

  private WirePlain() {}

  /** What the bare client makes of an answer; throws what it throws. */
  static ChatResponse ask(
      WireProtocol protocol, String baseUrl, boolean isStream, ChatRequest request)
      throws Exception {
    if (!isStream) {
      return whole(protocol, baseUrl).chat(request);
    }
    var ended = new CompletableFuture<ChatResponse>();
    streaming(protocol, baseUrl).chat(request, new Ending(ended));
    try {
      return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception thrown ? thrown : failed;
    } catch (TimeoutException silent) {
      throw new IllegalStateException("the client never called back", silent);
    }
  }

  private record Ending(CompletableFuture<ChatResponse> ended)
      implements StreamingChatResponseHandler {
    @Override
    public void onCompleteResponse(ChatResponse response) {
      ended.complete(response);
    }

    @Override
    public void onError(Throwable thrown) {
      ended.completeExceptionally(thrown);
    }
  }

  private static ChatModel whole(WireProtocol protocol, String url) {
    return switch (protocol) {
      case CHAT ->
          OpenAiChatModel.builder().baseUrl(url).modelName(MODEL).apiKey(KEY).maxRetries(0).build();
      case RESPONSES ->
          OpenAiResponsesChatModel.builder().baseUrl(url).modelName(MODEL).apiKey(KEY).build();
      case MESSAGES ->
          AnthropicChatModel.builder()
              .baseUrl(url)
              .modelName(MODEL)
              .apiKey(KEY)
              .maxRetries(0)
              .build();
      case GENERATE ->
          GoogleAiGeminiChatModel.builder()
              .baseUrl(url)
              .modelName(MODEL)
              .apiKey(KEY)
              .maxRetries(0)
              .build();
    };
  }

  private static StreamingChatModel streaming(WireProtocol protocol, String url) {
    return switch (protocol) {
      case CHAT ->
          OpenAiStreamingChatModel.builder().baseUrl(url).modelName(MODEL).apiKey(KEY).build();
      case RESPONSES ->
          OpenAiResponsesStreamingChatModel.builder()
              .baseUrl(url)
              .modelName(MODEL)
              .apiKey(KEY)
              .build();
      case MESSAGES ->
          AnthropicStreamingChatModel.builder().baseUrl(url).modelName(MODEL).apiKey(KEY).build();
      case GENERATE ->
          GoogleAiGeminiStreamingChatModel.builder()
              .baseUrl(url)
              .modelName(MODEL)
              .apiKey(KEY)
              .build();
    };
  }
}
