package dev.holdfast.bench;

import static dev.holdfast.bench.SmallWire.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are wrong on purpose must be found out. */
class WireJudgeTest {
  @TempDir private Path folder;
  private WireServer server;

  @BeforeEach
  void start() throws IOException {
    server = WireServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Spoiling(ChatModel model, UnaryOperator<ChatResponse> how) implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      return how.apply(model.chat(request));
    }
  }

  private WireTally judge(SmallWire wire, WireProtocol.Clients clients) {
    var judge = new WireJudge(server, clients);
    var tally = new WireTally();
    WireExchange exchange = wire.only();
    tally.add(exchange, judge.judge(exchange));
    tally.addRequestsWrong(judge.requestsWrong());
    return tally;
  }

  private static WireProtocol.Clients spoiling(UnaryOperator<ChatResponse> how) {
    return (protocol, url, isStreamed) -> new Spoiling(protocol.hosted(url, isStreamed), how);
  }

  private SmallWire call() {
    return new SmallWire(folder).answer("openai-chat", CHAT, 200, SmallWire.CHAT_CALL);
  }

  @Test
  void aCallWithOtherArgumentsIsAParseError() {
    AiMessage other =
        AiMessage.from(
            ToolExecutionRequest.builder()
                .id("c1")
                .name("pay")
                .arguments("{\"amount\":43}")
                .build());
    WireTally tally = judge(call(), spoiling(reply -> reply.toBuilder().aiMessage(other).build()));

    assertThat(tally.figures().json()).contains("\"parsed_equal\":0, \"parse_errors\":1");
    assertThat(tally.brokenLaws()).containsExactly("every reply must be read as its raw form says");
    assertThat(tally.table())
        .contains("  ! made-up-0 #1: reads otherwise: tool call; LangChain4j alone: as recorded");
  }

  @Test
  void otherUsageIsAParseError() {
    WireTally tally =
        judge(
            call(),
            spoiling(reply ->
                ChatResponse.builder()
                    .aiMessage(reply.aiMessage())
                    .finishReason(reply.finishReason())
                    .tokenUsage(new TokenUsage(7, 3))
                    .build()));

    assertThat(tally.table().getLast()).contains("reads otherwise: usage");
  }

  @Test
  void aRefusalOfAnotherClassIsMisclassified() {
    WireTally tally =
        judge(
            new SmallWire(folder).answer("openai-chat", CHAT, 429, "{}"),
            (protocol, url, isStreamed) ->
                new ChatModel() {
                  @Override
                  public ChatResponse chat(ChatRequest request) {
                    throw new InvalidRequestException("no");
                  }
                });

    assertThat(tally.figures().json()).contains("\"misclassified\":1");
    assertThat(tally.brokenLaws())
        .containsExactly(
            "every refusal must be known for what it is", "each call must send one request");
  }

  @Test
  void aRefusalThatIsTakenForAReplyIsMisclassified() {
    ChatResponse made =
        ChatResponse.builder()
            .aiMessage(AiMessage.from("Hello."))
            .finishReason(FinishReason.STOP)
            .build();
    WireTally tally =
        judge(
            new SmallWire(folder).answer("openai-chat", CHAT, 404, "{}"),
            (protocol, url, isStreamed) ->
                new ChatModel() {
                  @Override
                  public ChatResponse chat(ChatRequest request) {
                    return made;
                  }
                });

    assertThat(tally.table().getLast()).contains("NEVER was taken for a reply");
  }

  /** Makes a reply of whatever arrived, as a hasty client would. */
  private record Hasty(String url) implements ChatModel {
    @Override
    public ChatResponse chat(ChatRequest request) {
      var end = new CompletableFuture<ChatResponse>();
      var arguments = new StringBuilder();
      OpenAiStreamingChatModel.builder()
          .baseUrl(url)
          .modelName("small")
          .build()
          .chat(
              request,
              new StreamingChatResponseHandler() {
                @Override
                public void onPartialToolCall(PartialToolCall part) {
                  arguments.append(part.partialArguments());
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                  end.complete(response);
                }

                @Override
                public void onError(Throwable thrown) {
                  end.complete(reply(arguments.toString()));
                }
              });
      return end.join();
    }

    private static ChatResponse reply(String arguments) {
      var call = ToolExecutionRequest.builder().id("c1").name("pay").arguments(arguments).build();
      return ChatResponse.builder().aiMessage(AiMessage.from(call)).build();
    }
  }

  @Test
  void aPartialToolCallIsCountedByTheTool() {
    WireExchange stream =
        new SmallWire(folder).stream("openai-chat", CHAT, SmallWire.CHAT_STREAM).only();
    var tally = new WireTally();
    tally.add(
        WireCuts.play(
            server, stream, WireProtocol.CHAT, (protocol, url, isStreamed) -> new Hasty(url)));

    assertThat(tally.figures().json()).doesNotContain("\"partial_tool_calls_executed\":0");
    assertThat(tally.brokenLaws())
        .containsExactly("no tool call of a stream that broke off may be executed");
  }
}
