package dev.holdfast.agents;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Calls tools of an MCP client, with the idempotency key in the request's {@code _meta} where the
 * client was built with {@link McpServer#keysInMeta}.
 *
 * <p>What comes back is text for a model: a result, or the tool's own report of an error. All else
 * is thrown, typed; the client itself would give out a timeout as a result.
 */
final class McpCall {
  /** LangChain4j's text for a call without an answer, where the client's builder names no other. */
  private static final String TIMED_OUT = "There was a timeout executing the tool";

  private static final int DETAIL_CHARACTERS = 500;

  private final McpClient client;
  private final String keyField;
  private final int resultCharactersMax;

  McpCall(McpClient client, String keyField, int resultCharactersMax) {
    this.client = client;
    this.keyField = keyField;
    this.resultCharactersMax = resultCharactersMax;
  }

  /** What travels with a call. */
  McpExchange exchange(Optional<IdempotencyKey> key) {
    return new McpExchange(
        key.map(each -> Map.<String, Object>of(keyField, each.text())).orElseGet(Map::of));
  }

  /**
   * Calls a tool.
   *
   * @throws KnownFailure where the server refused the arguments, or there was no answer in time
   * @throws RuntimeException as {@link McpFailures} knows it
   */
  String execute(String tool, Map<String, Object> arguments, McpExchange exchange) {
    var request =
        ToolExecutionRequest.builder().name(tool).arguments(Json.write(arguments)).build();
    try {
      return read(client.executeTool(request, exchange.context()));
    } catch (ToolArgumentsException refused) {
      throw KnownFailure.rejected(Told.DECLINED, Told.refusedArguments(detail(refused)));
    } catch (ToolExecutionException thrown) {
      if (thrown.errorCode() == null && thrown.getCause() == null) {
        return Told.toolError(Told.bounded(textOf(thrown), resultCharactersMax));
      }
      throw thrown;
    }
  }

  private String read(ToolExecutionResult result) {
    String text = Objects.requireNonNullElse(result.resultText(), "");
    if (text.equals(TIMED_OUT)) {
      throw KnownFailure.unknown("timeout", "The server gave no answer in time.");
    }
    String bounded = Told.bounded(text, resultCharactersMax);
    return result.isError() ? Told.toolError(bounded) : bounded;
  }

  private static String detail(Throwable thrown) {
    return Told.bounded(textOf(thrown), DETAIL_CHARACTERS);
  }

  private static String textOf(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), "");
  }
}
