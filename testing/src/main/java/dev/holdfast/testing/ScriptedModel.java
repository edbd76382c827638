package dev.holdfast.testing;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model that says what a test tells it to; safe for many threads.
 *
 * <p>It picks its reply by the number of assistant messages in the request, never by a cursor, so
 * that a call that is made again after a crash gets the same reply.
 */
public final class ScriptedModel implements ChatModel {
  private final Function<ChatRequest, Reply> script;
  private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();

  private ScriptedModel(Function<ChatRequest, Reply> script) {
    this.script = script;
  }

  /** A model with one reply for each number of assistant messages, from none on. */
  public static ScriptedModel of(Reply... replies) {
    List<Reply> script = List.of(replies);
    return new ScriptedModel(request -> pick(script, request));
  }

  /** A model that decides by the request; give the same reply to the same request. */
  public static ScriptedModel deciding(Function<ChatRequest, Reply> script) {
    return new ScriptedModel(script);
  }

  private static Reply pick(List<Reply> script, ChatRequest request) {
    int said = Transcripts.repliesIn(request);
    if (said >= script.size()) {
      throw new InvalidRequestException(
          "The script holds %d replies, but the request asks for reply %d (from 0). Add it."
              .formatted(script.size(), said));
    }
    return script.get(said);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    requests.add(request);
    return script.apply(request).respond();
  }

  /** Every request so far, oldest first. */
  public List<ChatRequest> requests() {
    return List.copyOf(requests);
  }

  /** Every text that the model was shown so far, for tests of what must not reach it. */
  public List<String> shown() {
    return requests.stream()
        .flatMap(request -> request.messages().stream())
        .map(ChatMessage::toString)
        .toList();
  }

  /** What the model says to one request; immutable but for the count of its failures. */
  public static final class Reply {
    private final AiMessage message;
    private final FinishReason finish;
    private final Optional<TokenUsage> usage;
    private final int failuresMax;
    private final Supplier<? extends RuntimeException> failure;
    private final AtomicInteger failures = new AtomicInteger();

    private Reply(
        AiMessage message,
        FinishReason finish,
        Optional<TokenUsage> usage,
        int failuresMax,
        Supplier<? extends RuntimeException> failure) {
      this.message = message;
      this.finish = finish;
      this.usage = usage;
      this.failuresMax = failuresMax;
      this.failure = failure;
    }

    private static Reply of(AiMessage message, FinishReason finish) {
      return new Reply(
          message,
          finish,
          Optional.of(new TokenUsage(10, 5)),
          0,
          () -> new IllegalStateException("never thrown"));
    }

    /** A text; the usage is 10 tokens in and 5 out. */
    public static Reply text(String text) {
      return of(AiMessage.from(text), FinishReason.STOP);
    }

    /** One tool call, with the id {@code call-TOOL}. */
    public static Reply call(String tool, String arguments) {
      return calls(request("call-" + tool, tool, arguments));
    }

    /** Several tool calls at once. */
    public static Reply calls(ToolExecutionRequest... requests) {
      return of(AiMessage.from(List.of(requests)), FinishReason.TOOL_EXECUTION);
    }

    /** That message, as it is. */
    public static Reply message(AiMessage message) {
      return of(message, FinishReason.STOP);
    }

    /** A tool call for {@link #calls}; an empty id stands for none. */
    public static ToolExecutionRequest request(String id, String tool, String arguments) {
      return ToolExecutionRequest.builder()
          .id(id.isEmpty() ? null : id)
          .name(tool)
          .arguments(arguments)
          .build();
    }

    /** The same with that reason to stop. */
    public Reply finish(FinishReason changed) {
      return new Reply(message, changed, usage, failuresMax, failure);
    }

    /** The same with that usage. */
    public Reply usage(int tokensIn, int tokensOut) {
      var told = Optional.of(new TokenUsage(tokensIn, tokensOut));
      return new Reply(message, finish, told, failuresMax, failure);
    }

    /** The same from a provider that does not tell the usage. */
    public Reply withoutUsage() {
      return new Reply(message, finish, Optional.empty(), failuresMax, failure);
    }

    /** The same after that many calls that throw. */
    public Reply failingFirst(int times, Supplier<? extends RuntimeException> thrown) {
      return new Reply(message, finish, usage, times, thrown);
    }

    private ChatResponse respond() {
      if (failures.get() < failuresMax) {
        failures.incrementAndGet();
        throw failure.get();
      }
      return Transcripts.response(message, finish, usage);
    }
  }
}
