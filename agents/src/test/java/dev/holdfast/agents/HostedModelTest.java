package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.ModelServer.Answer;
import dev.holdfast.agents.ModelServer.End;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Outcome;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real clients against a server that fails in every way that providers do. */
class HostedModelTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String TOOL_FAILED =
      "{\"error\":{\"code\":\"tool_use_failed\",\"failed_generation\":\"<pay 42>\"}}";
  private static final String ANSWER =
      """
      {"choices":[{"message":{"role":"assistant","content":"Paid."},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":7,"completion_tokens":2}}\
      """;

  private final ModelServer server = new ModelServer();
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    server.close();
    bench.close();
  }

  private ChatModel model(String protocol, boolean isStreamed, Duration timeout) {
    HostedModel model = WireSamples.model(protocol, server.url()).timeout(timeout);
    return (isStreamed ? model.streamed() : model).build(Map.of());
  }

  private Failure failure(String protocol, boolean isStreamed, Duration timeout) {
    ChatModel model = model(protocol, isStreamed, timeout);
    try {
      model.chat("Hi");
    } catch (RuntimeException thrown) {
      assertThat(server.requests()).hasSize(1);
      return new ModelFailures().of(thrown);
    }
    throw new AssertionError("A reply came of it.");
  }

  private static void expectTheCall(ChatResponse response) {
    List<ToolExecutionRequest> calls = response.aiMessage().toolExecutionRequests();
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().id()).isEqualTo("c1");
    assertThat(calls.getFirst().name()).isEqualTo("pay");
    assertThat(calls.getFirst().arguments().replaceAll("\\s", "")).isEqualTo("{\"amount\":42}");
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
  }

  /** Pays, and counts. */
  public static final class Till {
    final List<Integer> paid = new ArrayList<>();

    /** Pays. */
    @Tool
    @Effect(Contract.IDEMPOTENT)
    public String pay(int amount) {
      paid.add(amount);
      return "paid";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aWholeReplyIsRead(String protocol) {
    server.answer(200, WireSamples.whole(protocol));
    ChatResponse response = model(protocol, false, LONG).chat(UserMessage.from("Hi"));

    expectTheCall(response);
    assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(7);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aWholeStreamIsRead(String protocol) {
    server.answer(200, WireSamples.stream(protocol, 99));

    expectTheCall(model(protocol, true, LONG).chat(UserMessage.from("Hi")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aStreamThatBreaksOffRunsNoTool(String protocol) {
    int last = WireSamples.events(protocol).size() - 1;
    // OpenAI's last event but one holds the reason to stop; a clean end after it is whole.
    int whole = protocol.equals("openAi") ? last - 1 : last;
    for (int events = 0; events <= last; events++) {
      for (End end : List.of(End.WHOLE, End.BROKEN)) {
        var till = new Till();
        try (var cutting = new ModelServer();
            var alone = new Bench()) {
          cutting.answer(new Answer(200, Map.of(), WireSamples.stream(protocol, events), end));
          var model = WireSamples.model(protocol, cutting.url()).streamed().build(Map.of());
          var agent = Agent.named("payer").model(model).tools(till).budget(Budget.steps(1)).build();
          alone.run(agent, "Pay 42.");
        }
        boolean isWhole = events > whole && end == End.WHOLE;
        assertThat(till.paid).as("%d events, %s", events, end).hasSize(isWhole ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void anEventThatCannotBeReadSpoilsTheStream(String protocol) {
    var events = new ArrayList<>(WireSamples.events(protocol));
    events.set(1, "event: content_block_delta\ndata: {\"choices\":[{\"del\n\n");
    server.answer(200, String.join("", events) + WireSamples.stream(protocol, 99));

    assertThat(failure(protocol, true, LONG)).isInstanceOf(Failure.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aRefusalKeepsItsWishToBeAskedLater(String protocol) {
    server.answer(new Answer(429, Map.of("Retry-After", "7"), "slow down, sk-1", End.WHOLE));

    assertThat(failure(protocol, false, LONG))
        .isEqualTo(
            new Failure.Transient(
                "http-429",
                "The exception's text is left out.",
                Optional.of(Duration.ofSeconds(7))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aServerThatIsBusyForAWhileDidNothing(String protocol) {
    server.answer(new Answer(503, Map.of("Retry-After", "7"), "", End.WHOLE));

    assertThat(failure(protocol, true, LONG)).isInstanceOf(Failure.Transient.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void aServerErrorMayHaveDoneAnything(String protocol) {
    server.answer(500, "<html>oops</html>");

    assertThat(failure(protocol, false, LONG).code()).isEqualTo("http-500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void halfABodyIsNoReply(String protocol) {
    String whole = WireSamples.whole(protocol);
    server.answer(new Answer(200, Map.of(), whole.substring(0, whole.length() / 2), End.BROKEN));

    assertThat(failure(protocol, false, LONG)).isInstanceOf(Failure.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void halfABodyThatEndsWellIsNoReply(String protocol) {
    String whole = WireSamples.whole(protocol);
    server.answer(200, whole.substring(0, whole.length() / 2));

    assertThat(failure(protocol, false, LONG).code()).isEqualTo("no-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Sign in to the hotel's network</html>"})
  void whatIsNoJsonIsNoReply(String body) {
    server.answer(200, body);

    assertThat(failure("openAiResponses", false, LONG))
        .isEqualTo(new Failure.Unknown("no-json", "The model's server answered 200 without JSON."));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyThatStallsMeetsTheDeadline(boolean isStreamed) {
    String start = WireSamples.stream("anthropic", 3);
    server.answer(new Answer(200, Map.of(), start, End.STALLED));

    assertThat(failure("anthropic", isStreamed, SHORT))
        .isEqualTo(new Failure.Unknown("TimeoutException", "The exception's text is left out."));
  }

  @Test
  void anErrorThatCameWithSuccessIsNoReply() {
    server.answer(200, "{\"error\":{\"code\":429,\"message\":\"upstream is busy\"}}");

    assertThat(failure("openAi", false, LONG).code()).isEqualTo("http-429");
  }

  @Test
  void anErrorAmidAStreamIsNoReply() {
    server.answer(
        200,
        WireSamples.stream("anthropic", 3)
            + "event: error\n"
            + WireSamples.data("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"));

    assertThat(failure("anthropic", true, LONG))
        .isEqualTo(
            new Failure.Transient(
                "http-529",
                "The server said: overloaded_error. The exception's text is left out.",
                Optional.empty()));
  }

  @Test
  void nobodyListeningMeansThatNothingWasSent() throws IOException {
    int port;
    try (var taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    ChatModel model =
        HostedModel.anthropic("small").baseUrl("http://localhost:" + port).build(Map.of());

    assertThatThrownBy(() -> model.chat("Hi"))
        .satisfies(thrown ->
            assertThat(new ModelFailures().of(thrown)).isInstanceOf(Failure.NotSent.class));
  }

  @Test
  void aToolCallWithoutATypeIsNotLost() {
    server.answer(200, WireSamples.whole("openAi").replace("\"type\":\"function\",", ""));

    expectTheCall(model("openAi", false, LONG).chat(UserMessage.from("Hi")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelWhoseToolCallTheProviderCouldNotReadIsToldAndAskedAgain(boolean isStreamed) {
    String answer = isStreamed ? "data: %s\n\n".formatted(streamed()) : ANSWER;
    server
        .answer(
            isStreamed ? 200 : 400, isStreamed ? "event: error\ndata: " + TOOL_FAILED : TOOL_FAILED)
        .answer(200, answer);
    var agent = Agent.named("payer").model(model("openAi", isStreamed, LONG)).build();

    assertThat(bench.run(agent, "Pay 42.")).isEqualTo(new Outcome.Completed<>("Paid."));
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast()).contains("Your last reply could not be read");
    assertThat(bench.journaled("run-1")).doesNotContain("<pay 42>");
  }

  private static String streamed() {
    return "{\"choices\":[{\"delta\":{\"content\":\"Paid.\"},\"finish_reason\":\"stop\"}]}";
  }

  @Test
  void aModelThatNeverWritesReadablyIsStopped() {
    server.answer(400, TOOL_FAILED);
    var agent = Agent.named("payer").model(model("openAi", false, LONG)).repairsMax(2).build();

    assertThat(bench.run(agent, "Pay 42."))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class, cut -> assertThat(cut.limit()).isEqualTo("repairs"));
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aKeyIsNamedWhereItIsMissing() {
    assertThatThrownBy(() -> HostedModel.anthropic("small").build(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("ANTHROPIC_API_KEY is not set.");
  }

  @Test
  void settingsHaveBounds() {
    var model = HostedModel.gemini("small");

    assertThatThrownBy(() -> HostedModel.gemini(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.replyTokensMax(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.baseUrl("http://ann:hunter2@host"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openAi", "openAiResponses", "anthropic", "gemini"})
  void theLimitOfAReplyIsAskedFor(String protocol) {
    server.answer(200, WireSamples.whole(protocol));
    WireSamples.model(protocol, server.url()).replyTokensMax(77).build(Map.of()).chat("Hi");

    assertThat(server.requests().getFirst()).containsPattern("[tT]okens\"\\s*:\\s*77");
  }
}
