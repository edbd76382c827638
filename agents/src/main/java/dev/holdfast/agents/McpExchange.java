package dev.holdfast.agents;

import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.mcp.client.McpCallContext;
import dev.langchain4j.mcp.client.McpClientListener;
import dev.langchain4j.mcp.protocol.McpListToolsRequest;
import dev.langchain4j.service.tool.ToolExecutionResult;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way through LangChain4j's client: what is to travel in its {@code _meta}, and
 * what was learned of it on the way.
 *
 * <p>It belongs to that call alone, so calls that go out side by side cannot mix up their keys.
 */
final class McpExchange {
  static final int PAGES_MAX = 100;
  private static final String PARAMETER = "dev.holdfast/exchange";
  private static final long NONE = -1;

  private enum Progress {
    UNWATCHED,
    OPEN,
    ANSWERED
  }

  private final Map<String, Object> meta;
  private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.UNWATCHED);
  private final AtomicLong operation = new AtomicLong(NONE);
  private final AtomicInteger pages = new AtomicInteger();

  McpExchange(Map<String, Object> meta) {
    this.meta = Map.copyOf(meta);
  }

  /** What LangChain4j hands through from the call to the request. */
  InvocationContext context() {
    return InvocationContext.builder()
        .invocationParameters(InvocationParameters.from(PARAMETER, this))
        .build();
  }

  /** The {@code _meta} of a request that is about to leave; empty for those of nobody's call. */
  static Map<String, Object> metaOf(@Nullable McpCallContext context) {
    return context == null
        ? Map.of()
        : of(context).map(exchange -> exchange.leaving(context)).orElseGet(Map::of);
  }

  private static Optional<McpExchange> of(McpCallContext context) {
    return Optional.ofNullable(context.invocationContext())
        .map(InvocationContext::invocationParameters)
        .map(parameters -> parameters.asMap().get(PARAMETER))
        .filter(McpExchange.class::isInstance)
        .map(McpExchange.class::cast);
  }

  /** What a client tells of its calls; without it an error of the tool looks like a broken line. */
  static McpClientListener listener() {
    return new McpClientListener() {
      @Override
      public void beforeExecuteTool(McpCallContext context) {
        of(context).ifPresent(exchange -> exchange.progress.set(Progress.OPEN));
      }

      @Override
      public void afterExecuteTool(
          McpCallContext context, ToolExecutionResult result, Map<String, Object> raw) {
        of(context).ifPresent(exchange -> exchange.progress.set(Progress.ANSWERED));
      }
    };
  }

  /** Whether the tool itself answered, if only with an error. */
  boolean isAnswered() {
    return progress.get() == Progress.ANSWERED;
  }

  /** Whether nobody knows if the tool answered, since the client does not tell. */
  boolean isUnwatched() {
    return progress.get() == Progress.UNWATCHED;
  }

  private Map<String, Object> leaving(McpCallContext context) {
    Long id = context.message().getId();
    operation.set(id == null ? NONE : id);
    if (context.message() instanceof McpListToolsRequest && pages.incrementAndGet() > PAGES_MAX) {
      throw new IllegalStateException(
          "the list of tools has more than %d pages".formatted(PAGES_MAX));
    }
    return meta;
  }

  /** The id of the request; empty where it never came to be, so that nothing was sent. */
  OptionalLong operation() {
    long id = operation.get();
    return id == NONE ? OptionalLong.empty() : OptionalLong.of(id);
  }
}
