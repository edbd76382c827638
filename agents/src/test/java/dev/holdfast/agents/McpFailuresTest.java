package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McpFailuresTest {
  private static Failure of(Throwable thrown) {
    return new ToolFailures(List.of(), McpFailures::known).classify(thrown).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "-32700, Rejected, rpc-32700",
    "-32600, Rejected, rpc-32600",
    "-32601, Rejected, rpc-32601",
    "-32602, Rejected, rpc-32602",
    "-32603, Unknown, rpc-32603",
    "-32000, Unknown, rpc-32000",
    "0, Unknown, rpc0",
  })
  void codesSayWhetherTheRequestWasCarriedOut(int code, String kind, String told) {
    Failure failure = of(new ToolExecutionException("host db-7", code));

    assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo(told);
    assertThat(failure.message()).doesNotContain("db-7");
  }

  @ParameterizedTest
  @CsvSource({
    "401, Rejected",
    "403, Rejected",
    "404, Unknown",
    "429, Transient",
    "500, Unknown",
    "502, Unknown",
  })
  void statusesSayTheSame(int status, String kind) {
    var cause = new RuntimeException("Unexpected status code: " + status);
    Failure failure = of(new ToolExecutionException(cause));

    assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo("http-" + status);
  }

  @Test
  void brokenLinesLeaveItOpenAndRefusedConnectionsDoNot() {
    var broken = new IllegalStateException("Operation cancelled due to transport failure: x");
    assertThat(of(new ToolExecutionException(broken)).code()).isEqualTo("connection-lost");
    assertThat(of(new ToolExecutionException(new ConnectException("db-7"))))
        .isInstanceOf(Failure.NotSent.class);
    assertThat(of(new ToolArgumentsException("no", -32602))).isInstanceOf(Failure.Rejected.class);
    assertThat(of(new IllegalArgumentException("db-7")))
        .isEqualTo(
            new Failure.Unknown("IllegalArgumentException", "The exception's text is left out."));
  }

  @Test
  void aWordOfAStrangerIsShortAndPlain() {
    assertThat(Told.word("a\nb{\"c\"}")).isEqualTo("a?b??c??");
    assertThat(Told.word("x".repeat(1_000))).hasSize(64);
    assertThat(new McpExchange(Map.of()).operation()).isEmpty();
  }
}
