package dev.holdfast.testing;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * A model that plays the assistant messages of a recorded conversation; safe for many threads.
 *
 * <p>It picks its reply by the number of assistant messages in the request and counts how often
 * each was asked for, so that a call that was made again shows.
 */
public final class RecordedModel implements ChatModel {
  private final List<AiMessage> messages;
  private final AtomicIntegerArray calls;

  private RecordedModel(List<AiMessage> messages) {
    this.messages = List.copyOf(messages);
    this.calls = new AtomicIntegerArray(messages.size());
  }

  /** Plays these messages, in order. */
  public static RecordedModel of(List<AiMessage> messages) {
    return new RecordedModel(messages);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    int said = Transcripts.repliesIn(request);
    if (said >= messages.size()) {
      throw new RecordingEnded(
          "The recording holds %d replies, but the request asks for reply %d (from 0)."
              .formatted(messages.size(), said));
    }
    calls.incrementAndGet(said);
    AiMessage message = messages.get(said);
    return Transcripts.response(
        message,
        message.hasToolExecutionRequests() ? FinishReason.TOOL_EXECUTION : FinishReason.STOP,
        Optional.empty());
  }

  /** How many replies the recording holds. */
  public int size() {
    return messages.size();
  }

  /** How often the model was called. */
  public int calls() {
    return IntStream.range(0, messages.size()).map(calls::get).sum();
  }

  /** How often that reply was asked for, counted from 0. */
  public int callsAt(int index) {
    return calls.get(index);
  }

  /** How many calls asked for a reply that had been given before. */
  public int callsRedone() {
    return IntStream.range(0, messages.size()).map(i -> Math.max(0, calls.get(i) - 1)).sum();
  }

  /** A request goes on where the recording has ended. */
  public static final class RecordingEnded extends NonRetriableException {
    private static final long serialVersionUID = 1L;

    RecordingEnded(String message) {
      super(message);
    }
  }
}
