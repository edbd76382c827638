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
  /** The failure code of a call without an answer. */
  static final String TIMEOUT = "timeout";

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
      return read(client.executeTool(request, exchange.context()), exchange);
    } catch (ToolArgumentsException refused) {
      throw KnownFailure.rejected(Told.DECLINED, Told.refusedArguments(detail(refused)));
    } catch (ToolExecutionException thrown) {
      if (isOfTheTool(thrown, exchange)) {
        return Told.toolError(Told.bounded(textOf(thrown), resultCharactersMax));
      }
      throw thrown;
    }
  }

  /**
   * Whether the tool reported an error. LangChain4j wraps that text in the same way as a broken
   * line's, so that a client which does not tell leaves only the form of the text.
   */
  private static boolean isOfTheTool(ToolExecutionException thrown, McpExchange exchange) {
    Throwable cause = thrown.getCause();
    return exchange.isUnwatched()
        ? thrown.errorCode() == null
            && cause != null
            && cause.getClass() == RuntimeException.class
            && McpFailures.known(cause).isEmpty()
        : exchange.isAnswered();
  }

  private String read(ToolExecutionResult result, McpExchange exchange) {
    String text = Objects.requireNonNullElse(result.resultText(), "");
    boolean isLate = exchange.isUnwatched() ? text.equals(TIMED_OUT) : !exchange.isAnswered();
    if (isLate) {
      throw KnownFailure.unknown(TIMEOUT, "The server gave no answer in time.");
    }
    String bounded = Told.bounded(text, resultCharactersMax);
    return result.isError() ? Told.toolError(bounded) : bounded;
  }

  private static String detail(Throwable thrown) {
    return Told.bounded(textOf(thrown), DETAIL_CHARACTERS);
  }

  /** The server's own words, without the class name that wrapping puts before them. */
  private static String textOf(Throwable thrown) {
    Throwable wrapped = thrown.getCause() == null ? thrown : thrown.getCause();
    return Objects.requireNonNullElse(wrapped.getMessage(), "");
  }
}
