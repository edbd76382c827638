package dev.holdfast.agents;

import static dev.holdfast.journal.Contract.IDEMPOTENT;
import static dev.holdfast.journal.Contract.KEYED;
import static dev.holdfast.journal.Contract.ONCE;
import static dev.holdfast.journal.Contract.READ;
import static dev.holdfast.journal.Contract.TRANSACTIONAL;
import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent refuses to be built from where its tools are those of an MCP server. */
class McpDeclarationTest {
  private Stock stock;

  @BeforeEach
  void directory(@TempDir Path directory) {
    stock = new Stock(directory);
  }

  private static Agent.Builder<String> agent(Object... tools) {
    return Agent.named("desk").model(ScriptedModel.of(text("done"))).tools(tools);
  }

  @Test
  void undeclaredToolsAreATableReadyToPasteWithWhatTheAnnotationsSuggest() {
    try (var server = stock.server().contracts(Contracts.of("reserve", KEYED)).build()) {
      assertThatThrownBy(agent(server)::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("McpServer.named(\"stock\")")
          .hasMessageContaining(".contracts(Contracts.of(\"find\", Contract.READ)")
          .hasMessageContaining(".and(\"label\", Contract.IDEMPOTENT))")
          .hasMessageNotContaining("reserve");
    }
  }

  @Test
  void annotationsDecideOnlyWhereTheServerIsTrusted() {
    var table = Contracts.of("label", ONCE);
    assertThat(McpContracts.of(tool("find", true, false, false), table, false)).isEmpty();
    assertThat(contract(tool("find", true, false, false), table)).isEqualTo(READ);
    assertThat(contract(tool("set", false, true, true), table)).isEqualTo(IDEMPOTENT);
    assertThat(contract(tool("buy", false, false, false), table)).isEqualTo(ONCE);
    assertThat(contract(tool("wipe", true, false, true), table)).isEqualTo(ONCE);
    assertThat(contract(tool("label", true, true, false), table)).isEqualTo(ONCE);
  }

  private static Contract contract(ToolSpecification tool, Contracts table) {
    return McpContracts.of(tool, table, true).orElseThrow();
  }

  private static ToolSpecification tool(
      String name, boolean reads, boolean idempotent, boolean destroys) {
    Map<String, Object> hints =
        Map.of("readOnlyHint", reads, "idempotentHint", idempotent, "destructiveHint", destroys);
    return ToolSpecification.builder()
        .name(name)
        .parameters(JsonObjectSchema.builder().build())
        .metadata(hints)
        .build();
  }

  @Test
  void theStricterOfTwoContractsAllowsLessToBeRepeated() {
    assertThat(McpContracts.stricter(READ, KEYED)).isEqualTo(KEYED);
    assertThat(McpContracts.stricter(ONCE, IDEMPOTENT)).isEqualTo(ONCE);
    assertThat(McpContracts.isWeaker(IDEMPOTENT, KEYED)).isTrue();
    assertThat(McpContracts.isWeaker(ONCE, ONCE)).isFalse();
  }

  /** A Java tool by the name of one of the server's. */
  static final class Shelf {
    @Tool
    @Effect(READ)
    String find(String sku) {
      return sku;
    }
  }

  @Test
  void aNameThatTwoHaveIsAnErrorAndAPrefixTheRemedy() {
    try (var server = stock.server().build()) {
      assertThatThrownBy(agent(new Shelf(), server)::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'find'")
          .hasMessageContaining("a Java method")
          .hasMessageContaining("prefix(…)");
      assertThatThrownBy(agent(server, server)::build)
          .hasMessageContaining("two MCP servers that are named 'stock'");
    }
    try (var server = stock.server().prefix("stock_").build();
        var bench = new Bench()) {
      var model =
          ScriptedModel.of(
              call("stock_reserve", "{\"sku\":\"lamp\",\"amount\":\"1\"}"), text("done"));
      var desk = Agent.named("desk").model(model).tools(new Shelf(), server).build();
      assertThat(bench.run(desk, "a lamp")).isEqualTo(new Outcome.Completed<>("done"));
      assertThat(stock.booked("reserve")).hasSize(1);
    }
  }

  @Test
  void whatBreaksABoundIsNamedWithTheReason() {
    stock.tools("bloated");
    try (var server = stock.server().contracts(Contracts.of("*", READ)).build()) {
      assertThatThrownBy(agent(server)::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'bloat': description and schema have 100,")
          .hasMessageContaining("65,536 are allowed");
    }
    stock.tools("many");
    try (var server = stock.server().contracts(Contracts.of("*", READ)).build()) {
      assertThatThrownBy(agent(server)::build)
          .hasMessageContaining("256 tools are allowed; choose with only(…)");
    }
    try (var server =
        stock.server().contracts(Contracts.of("*", READ)).only("tool1", "find").build()) {
      agent(server).build();
    }
  }

  @Test
  void aServerThatDoesNotComeUpIsAnErrorWithItsRemedy() {
    stock.write("broken", "");
    try (var server = stock.server().build()) {
      assertThatThrownBy(agent(server)::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("MCP server 'stock' cannot be used")
          .hasMessageContaining("connectLazily()");
    }
    try (var absent = McpServer.named("absent").process("no-such-command-here").build()) {
      assertThatThrownBy(agent(absent)::build)
          .hasMessageContaining("the command 'no-such-command-here' cannot be started");
    }
  }

  @Test
  void aRunOfALazyServerWaitsUntilItIsThere() throws Exception {
    stock.write("broken", "");
    var model =
        ScriptedModel.of(call("reserve", "{\"sku\":\"lamp\",\"amount\":\"1\"}"), text("done"));
    try (var server = stock.server().connectLazily().build();
        var bench = new Bench()) {
      var desk = Agent.named("desk").model(model).tools(server).build();
      var handle = bench.start(desk, "run-1", "a lamp");
      org.awaitility.Awaitility.await().until(() -> stock.starts().size() >= 1);
      Files.delete(stock.directory().resolve("broken"));

      assertThat(handle.await(Bench.DEADLINE)).isEqualTo(new Outcome.Completed<>("done"));
      assertThat(stock.booked("reserve")).hasSize(1);
    }
  }

  @Test
  void aSchemaThatGoesRoundInCirclesIsCheckedInBoundedTime() {
    var round = JsonReferenceSchema.builder().reference("round").build();
    var schema =
        JsonObjectSchema.builder()
            .addProperty("value", round)
            .definitions(
                Map.of("round", JsonAnyOfSchema.builder().anyOf(List.of(round, round)).build()))
            .build();

    assertThat(SchemaCheck.problems(schema, Map.of("value", "x"))).isNotEmpty();
  }

  @Test
  void aServerThatCannotBeReachedOverHttpIsAnError() throws Exception {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    var url = URI.create("http://localhost:%d/mcp".formatted(free));
    try (var server = McpServer.named("far").http(url).build()) {
      assertThatThrownBy(agent(server)::build)
          .hasMessageContaining("MCP server 'far' cannot be used")
          .hasMessageContaining("ConnectException");
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpInTime() {
    try (var mute =
        McpServer.named("mute")
            .process("sleep", "60")
            .startTimeout(Duration.ofMillis(300))
            .build()) {
      assertThatThrownBy(agent(mute)::build).hasMessageContaining("TimeoutException");
    }
  }

  @Test
  void settingsOutOfBoundsAreRefused() {
    assertThatThrownBy(McpServer.named("a b").process("x")::build)
        .hasMessageContaining("name of MCP server 'a b' must be 1 to 64");
    assertThatThrownBy(McpServer.named("a").process("x").timeout(Duration.ZERO)::build)
        .hasMessageContaining("timeout of MCP server 'a' must be 1 ms to");
    assertThatThrownBy(
            McpServer.named("a").process("x").contracts(Contracts.of("*", TRANSACTIONAL))::build)
        .hasMessageContaining("READ, IDEMPOTENT, KEYED or ONCE");
    assertThatThrownBy(McpServer.named("a")::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("process(…) or http(…)");
    assertThat(Optional.of(McpServer.KEY_FIELD)).contains("dev.holdfast/idempotency-key");
  }
}
