package dev.holdfast.agents;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A chat model over a streaming one: it waits for the whole reply and gives all of it or nothing.
 *
 * <p>A stream that ends without saying why the model stopped was cut off: that is a failure of
 * which nobody knows what the provider did, and another attempt may follow. Whatever arrived of it,
 * half a tool call included, is dropped. Providers differ in how surely their clients notice a cut;
 * {@link HostedModel#streamed()} also watches for each protocol's own end marker.
 *
 * <p>Safe for use by several threads where the streaming model is.
 */
public final class Streamed implements ChatModel {
  private final StreamingChatModel model;
  private final Duration deadline;
  private final boolean isWatched;

  private Streamed(StreamingChatModel model, Duration deadline, boolean isWatched) {
    Bounds.positive("deadline", deadline, Bounds.A_DAY);
    this.model = model;
    this.deadline = deadline;
    this.isWatched = isWatched;
  }

  /**
   * A chat model over that one.
   *
   * @param deadline how long one whole reply may take, at most a day
   */
  public static Streamed over(StreamingChatModel model, Duration deadline) {
    return new Streamed(model, deadline, false);
  }

  /**
   * The same over {@link ModelHttp}, which saw the end with its own eyes: a reason to stop that
   * LangChain4j has no word for is then no sign of a cut.
   */
  static Streamed watched(StreamingChatModel model, Duration deadline) {
    return new Streamed(model, deadline, true);
  }

  /**
   * Asks, and waits for the end of the stream.
   *
   * @throws dev.holdfast.kernel.KnownFailure where the stream was cut off or the deadline passed
   */
  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    var reply = new StreamedReply();
    model.chat(request, options, reply);
    ChatResponse response = reply.await(deadline);
    if (response.finishReason() == null && !isWatched) {
      throw StreamWatch.cutOff();
    }
    return response;
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return model.listeners();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
