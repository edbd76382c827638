package dev.holdfast.agents;

import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The one end of a stream; what comes after it is not heard. */
final class StreamedReply implements StreamingChatResponseHandler {
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
  private volatile Optional<StreamingHandle> handle = Optional.empty();

  @Override
  public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
    handle = Optional.ofNullable(context.streamingHandle());
  }

  @Override
  public void onPartialThinking(PartialThinking part, PartialThinkingContext context) {
    handle = Optional.ofNullable(context.streamingHandle());
  }

  @Override
  public void onPartialToolCall(PartialToolCall part, PartialToolCallContext context) {
    handle = Optional.ofNullable(context.streamingHandle());
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    end.complete(response);
  }

  @Override
  public void onError(Throwable thrown) {
    end.completeExceptionally(thrown);
  }

  ChatResponse await(Duration deadline) {
    try {
      return end.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      handle.ifPresent(StreamingHandle::cancel);
      throw KnownFailure.unknown(
          "stream-timeout",
          "The stream did not end within %s. Nothing of it was used.".formatted(deadline));
    } catch (InterruptedException stopped) {
      handle.ifPresent(StreamingHandle::cancel);
      Thread.currentThread().interrupt();
      throw KnownFailure.unknown("interrupted", "The wait for the stream was interrupted.");
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("The stream failed.", failed.getCause());
    }
  }
}
