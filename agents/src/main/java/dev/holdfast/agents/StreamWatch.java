package dev.holdfast.agents;

import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;

/**
 * Stands before a client's listener and lets a stream end well only where it ended.
 *
 * <p>Left alone, some clients take a connection that closed early for the end of the reply, others
 * never call back, and the parser drops an event that its listener could not read, and with it a
 * piece out of the middle of a tool call. For one thread.
 */
final class StreamWatch implements ServerSentEventListener {
  private final ServerSentEventListener listener;
  private boolean isEnded;
  private boolean isFailed;

  StreamWatch(ServerSentEventListener listener) {
    this.listener = listener;
  }

  static KnownFailure cutOff() {
    return KnownFailure.unknown(
        "stream-cut", "The stream broke off before the model's end. Nothing of it was used.");
  }

  @Override
  public void onOpen(SuccessfulHttpResponse response) {
    listener.onOpen(response);
  }

  @Override
  public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
    if (isFailed) {
      return;
    }
    try {
      var data = ReplyData.of(event.data());
      if (data.error().isPresent()) {
        throw ServerRefusal.within(data.error().get());
      }
      isEnded |= data.isEnd();
      listener.onEvent(event, context);
    } catch (RuntimeException unreadable) {
      onError(unreadable);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    if (!isFailed) {
      isFailed = true;
      listener.onError(thrown);
    }
  }

  @Override
  public void onClose() {
    if (isFailed) {
      return;
    }
    if (isEnded) {
      listener.onClose();
    } else {
      onError(cutOff());
    }
  }
}
