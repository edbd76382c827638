package dev.holdfast.agents;

import dev.langchain4j.mcp.client.transport.McpTransport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How an MCP server is reached and how far it is believed; checked by {@link McpServer.Builder}.
 *
 * @param prefix put before each of the server's tool names
 * @param contracts by the server's own tool names
 * @param trusted whether the server's annotations decide where the table is silent
 * @param only which of the server's tools there are; all where empty
 * @param timeout how long one call may take
 * @param startTimeout how long the server may take to start and to list its tools
 * @param keyField the field of {@code _meta} that holds the idempotency key
 * @param attemptsMax attempts of a call; 0 for the default
 * @param resultCharactersMax how much of a result is kept
 * @param lazy whether the server is asked at a turn's begin only
 */
record McpSettings(
    String name,
    String prefix,
    Supplier<? extends McpTransport> transport,
    Contracts contracts,
    boolean trusted,
    List<Pattern> only,
    Duration timeout,
    Duration startTimeout,
    String keyField,
    Optional<Duration> keysValidFor,
    int attemptsMax,
    int resultCharactersMax,
    boolean lazy) {
  /** The longest timeout that an effect can have. */
  static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  /**
   * How long an attempt may take with all that it may need: a start, a list of tools, the call. The
   * client's own timeout comes first, so that a call is not in doubt because a start was slow.
   */
  Duration attemptTimeout() {
    Duration all = startTimeout.plus(timeout.multipliedBy(2)).plusSeconds(5);
    return all.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : all;
  }

  boolean admits(String tool) {
    return only.isEmpty() || only.stream().anyMatch(each -> each.matcher(tool).matches());
  }
}
