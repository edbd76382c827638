package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Outcome;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real client against a server of this test's own. */
class OpenAiServerTest {
  private static final Map<String, String> KEY = Map.of("OPENAI_API_KEY", "sk-hunter2hunter2");
  private static final String ANSWER =
      """
      {"id":"1","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,
      "message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}\
      """;

  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Bench bench = new Bench();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    bench.close();
  }

  private ChatModel model(int status, String body) {
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:%d/v1".formatted(server.getAddress().getPort());
    return HostedModel.openAi("small").baseUrl(url).timeout(Duration.ofSeconds(5)).build(KEY);
  }

  @Test
  void anAgentTalksToAServer() {
    var agent = Agent.named("desk").model(model(200, ANSWER)).build();

    assertThat(bench.run(agent, "Hi")).isEqualTo(new Outcome.Completed<>("Hello."));
    assertThat(authorizations).containsExactly("Bearer sk-hunter2hunter2");
    assertThat(bench.journaled("run-1")).doesNotContain("hunter2").contains("\"small\"");
  }

  @Test
  void theClientDoesNotRetryByItself() {
    ChatModel model = model(503, "{\"error\":{\"message\":\"overloaded\"}}");

    assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RuntimeException.class);

    assertThat(authorizations).hasSize(1);
  }

  @Test
  void aKeyThatTheServerEchoesIsNotJournaled() {
    var body = "{\"error\":{\"message\":\"Incorrect API key provided: sk-hunter2hunter2\"}}";
    var agent = Agent.named("desk").model(model(401, body)).build();

    assertThat(bench.run(agent, "Hi")).isInstanceOf(Outcome.Failed.class);
    assertThat(bench.journaled("run-1")).doesNotContain("hunter2");
  }

  @Test
  void theOfficialServerNeedsAKey() {
    assertThatThrownBy(() -> HostedModel.openAi("small").build(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "OPENAI_API_KEY is not set. Put your key there, or name another server with a base"
                + " URL.");
  }

  @Test
  void anAddressWithAPasswordIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> HostedModel.openAi("small").baseUrl("https://ann:hunter2@host/v1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> HostedModel.openAi("small").baseUrl("ftp://host"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatClientsThrowIsClassified() {
    var failures = new ModelFailures();

    assertThat(failures.of(new RateLimitException("x"))).isInstanceOf(Failure.Transient.class);
    assertThat(failures.of(new InvalidRequestException("x"))).isInstanceOf(Failure.Rejected.class);
    assertThat(failures.of(new ModelNotFoundException("x"))).isInstanceOf(Failure.Rejected.class);
    assertThat(failures.of(new TimeoutException("x"))).isInstanceOf(Failure.Unknown.class);
    assertThat(failures.of(new IllegalStateException("x"))).isInstanceOf(Failure.Unknown.class);
    assertThat(failures.of(new IllegalStateException(new ConnectException("x"))))
        .isEqualTo(new Failure.NotSent("ConnectException", "The exception's text is left out."));
  }
}
