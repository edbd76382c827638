package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Over a streaming model that does as each test says. */
class StreamedTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final AiMessage HALF_CALL =
      AiMessage.from(
          ToolExecutionRequest.builder().id("1").name("pay").arguments("{\"amo").build());

  private record Playing(Consumer<StreamingChatResponseHandler> play)
      implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      play.accept(handler);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
  }

  private static ChatModel over(Consumer<StreamingChatResponseHandler> play) {
    return Streamed.over(new Playing(play), LONG);
  }

  private static ChatResponse response(AiMessage message, FinishReason finish) {
    return ChatResponse.builder().aiMessage(message).finishReason(finish).build();
  }

  private static Failure failureOf(ThrowingCallable call) {
    try {
      call.call();
    } catch (Throwable thrown) {
      return new ModelFailures().of(thrown);
    }
    throw new AssertionError("nothing was thrown");
  }

  @Test
  void aWholeStreamIsTheReply() {
    ChatModel model =
        over(handler -> {
          handler.onPartialResponse("Hel");
          handler.onPartialResponse("lo.");
          handler.onCompleteResponse(response(AiMessage.from("Hello."), FinishReason.STOP));
        });

    assertThat(model.chat("Hi")).isEqualTo("Hello.");
  }

  @Test
  void aReplyThatComesFromAnotherThreadIsWaitedFor() {
    ChatModel model =
        over(handler ->
            Thread.ofVirtual()
                .start(() ->
                    handler.onCompleteResponse(
                        response(AiMessage.from("Hello."), FinishReason.STOP))));

    assertThat(model.chat("Hi")).isEqualTo("Hello.");
  }

  @Test
  void aReplyWithoutAReasonToStopWasCutOff() {
    ChatModel model =
        over(handler ->
            handler.onCompleteResponse(ChatResponse.builder().aiMessage(HALF_CALL).build()));

    assertThat(failureOf(() -> model.chat("Hi")))
        .isEqualTo(
            new Failure.Unknown(
                "stream-cut",
                "The stream broke off before the model's end. Nothing of it was used."));
  }

  @Test
  void aStreamThatNeverEndsMeetsTheDeadline() {
    var model = Streamed.over(new Playing(handler -> {}), Duration.ofMillis(20));

    assertThatThrownBy(() -> model.chat("Hi"))
        .isInstanceOf(KnownFailure.class)
        .hasMessageContaining("stream-timeout")
        .hasMessageContaining("PT0.02S");
  }

  @Test
  void whatComesAfterAnErrorIsNotHeard() {
    ChatModel model =
        over(handler -> {
          handler.onError(new IOException("cut"));
          handler.onCompleteResponse(response(HALF_CALL, FinishReason.TOOL_EXECUTION));
        });

    assertThat(failureOf(() -> model.chat("Hi"))).isInstanceOf(Failure.Unknown.class);
  }

  @Test
  void theClientsOwnExceptionComesOutAsItIs() {
    ChatModel model = over(handler -> handler.onError(new RateLimitException("slow down")));

    assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RateLimitException.class);
  }

  @Test
  void anInterruptedWaitIsAFailureAndLeavesTheMark() {
    ChatModel model = over(handler -> Thread.currentThread().interrupt());

    assertThat(failureOf(() -> model.chat("Hi")).code()).isEqualTo("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void itCanDoWhatTheStreamingModelCan() {
    assertThat(over(handler -> {}).supportedCapabilities())
        .containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  @Test
  void aDeadlineMustBePositive() {
    assertThatThrownBy(() -> Streamed.over(new Playing(handler -> {}), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deadline must be > 0 and <= PT24H, is PT0S.");
  }
}
