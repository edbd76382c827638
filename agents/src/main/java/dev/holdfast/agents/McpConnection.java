package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClientListener;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.protocol.McpCancellationNotification;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A session with an MCP server: from its start until it breaks; safe for many threads. */
final class McpConnection implements AutoCloseable {
  /** A server that leaves this many calls in a row without an answer is taken for stuck. */
  private static final int SILENCES_MAX = 5;

  private static final System.Logger LOG = System.getLogger("dev.holdfast.agents");

  private record Listed(long change, McpCatalog catalog) {}

  private final McpSettings settings;
  private final McpTransport transport;
  private final DefaultMcpClient client;
  private final McpCall calls;
  private final AtomicReference<Long> changes = new AtomicReference<>(0L);
  private final AtomicReference<Optional<Listed>> listed = new AtomicReference<>(Optional.empty());
  private final AtomicInteger silences = new AtomicInteger();

  private McpConnection(McpSettings settings, McpTransport transport) {
    this.settings = settings;
    this.transport = transport;
    this.client = client();
    this.calls = new McpCall(client, settings.keyField(), settings.resultCharactersMax());
  }

  /**
   * Starts a session.
   *
   * @throws KnownFailure not sent, where there is none to be had
   */
  static McpConnection open(McpSettings settings) {
    McpTransport transport = settings.transport().get();
    try {
      return new McpConnection(settings, transport);
    } catch (RuntimeException unreachable) {
      close(transport);
      throw notSent("unreachable", "it cannot be started or reached", unreachable);
    }
  }

  private DefaultMcpClient client() {
    return DefaultMcpClient.builder()
        .transport(transport)
        .key(settings.name())
        .clientName("holdfast")
        .initializationTimeout(settings.startTimeout())
        .toolExecutionTimeout(settings.timeout())
        .autoHealthCheck(false)
        .cacheToolList(false)
        .logHandler(message -> {})
        .metaSupplier(McpExchange::metaOf)
        .toolResultExtractor(new McpAnswers())
        .addListener(McpExchange.listener())
        .addListener(
            new McpClientListener() {
              @Override
              public void onNotificationToolsListChanged() {
                changes.updateAndGet(count -> count + 1);
              }
            })
        .build();
  }

  /** Whether calls can still leave. */
  boolean isUsable() {
    if (silences.get() >= SILENCES_MAX) {
      return false;
    }
    try {
      transport.checkHealth();
      return true;
    } catch (RuntimeException broken) {
      LOG.log(Level.DEBUG, "MCP server {0} is gone.", settings.name());
      return false;
    }
  }

  /**
   * What the server lists; asked again once it says that this has changed.
   *
   * @throws KnownFailure not sent, where it does not answer, or not in a form that can be read
   */
  McpCatalog catalog() {
    long change = changes.get();
    Optional<Listed> known = listed.get().filter(each -> each.change() == change);
    if (known.isPresent()) {
      return known.get().catalog();
    }
    var exchange = new McpExchange(Map.of());
    List<ToolSpecification> tools =
        watched(exchange, () -> client.listTools(exchange.context()), "unlisted");
    McpCatalog catalog = McpCatalog.of(settings, tools);
    listed.set(Optional.of(new Listed(change, catalog)));
    return catalog;
  }

  /** A list that fails in whatever way has changed nothing. */
  private <T> T watched(McpExchange exchange, Supplier<T> listing, String code) {
    try {
      return answered(exchange, listing);
    } catch (RuntimeException failed) {
      throw notSent(code, "its list of tools cannot be had or read", failed);
    }
  }

  /**
   * Calls a tool.
   *
   * @throws RuntimeException as {@link McpFailures} knows it
   */
  String call(String tool, Map<String, Object> arguments, Optional<IdempotencyKey> key) {
    McpExchange exchange = calls.exchange(key);
    try {
      return answered(exchange, () -> calls.execute(tool, arguments, exchange));
    } catch (RuntimeException failed) {
      if (exchange.operation().isEmpty()) {
        throw notSent("not-sent", "the call did not leave", failed);
      }
      throw failed;
    }
  }

  private <T> T answered(McpExchange exchange, Supplier<T> asking) {
    try {
      T answer = asking.get();
      silences.set(0);
      return answer;
    } catch (RuntimeException failed) {
      if (failed instanceof KnownFailure known && known.failure().code().equals(McpCall.TIMEOUT)) {
        silences.incrementAndGet();
      }
      if (Thread.currentThread().isInterrupted()) {
        cancel(exchange);
      }
      throw failed;
    }
  }

  /** Tells the server that nobody waits any more, as the client does after a timeout. */
  private void cancel(McpExchange exchange) {
    exchange
        .operation()
        .ifPresent(id ->
            transport.executeOperationWithoutResponse(
                new McpCancellationNotification(id, "no answer in time")));
  }

  private static KnownFailure notSent(String code, String what, Throwable cause) {
    Throwable told =
        Causes.of(cause).stream()
            .filter(each -> !isWrapping(each))
            .findFirst()
            .orElseGet(() -> Causes.of(cause).getLast());
    String why = McpFailures.known(told).map(Failure::message).orElse(nameOf(told));
    return KnownFailure.notSent(code, "%s (%s).".formatted(what, why));
  }

  private static boolean isWrapping(Throwable thrown) {
    return thrown.getCause() != null
        && (thrown.getClass() == RuntimeException.class
            || thrown instanceof ExecutionException
            || thrown instanceof CompletionException);
  }

  private static String nameOf(Throwable thrown) {
    return thrown.getClass().getSimpleName();
  }

  @Override
  public void close() {
    client.close();
  }

  private static void close(McpTransport transport) {
    try {
      transport.close();
    } catch (IOException | RuntimeException unclosable) {
      LOG.log(
          Level.DEBUG,
          "A transport that never began cannot be closed: {0}",
          unclosable.getClass().getSimpleName());
    }
  }
}
