package dev.holdfast.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.mcp.client.McpCallContext;
import dev.langchain4j.mcp.client.transport.McpOperationHandler;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.protocol.McpClientMessage;
import dev.langchain4j.mcp.protocol.McpInitializationNotification;
import dev.langchain4j.mcp.protocol.McpInitializeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An MCP server as a child process, spoken to by lines of JSON.
 *
 * <p>LangChain4j's own does not notice a write that failed, reads lines of any length, and stops
 * reading at a message that it does not understand. This one knows of a request that did not leave,
 * and holds whatever the server writes to a bound.
 */
final class McpProcess implements McpTransport {
  /** What a child needs of this process's environment; the rest may be secret. */
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LC_ALL",
          "TERM",
          "TMPDIR",
          "JAVA_HOME",
          "SystemRoot",
          "SystemDrive",
          "TEMP",
          "TMP",
          "APPDATA",
          "LOCALAPPDATA",
          "USERPROFILE",
          "PATHEXT",
          "ProgramFiles",
          "COMSPEC");

  private static final System.Logger LOG = System.getLogger("dev.holdfast.agents");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration WRITE_MAX = Duration.ofSeconds(10);
  private static final Duration END_MAX = Duration.ofSeconds(2);

  /** The child that runs now. */
  private record Child(Process process, McpOperationHandler handler, McpLines lines) {}

  private final List<String> command;
  private final Map<String, String> environment;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile Optional<Child> running = Optional.empty();

  McpProcess(List<String> command, Map<String, String> environment) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  @Override
  public void start(McpOperationHandler handler) {
    var builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      var lines = new McpLines(process, handler);
      running = Optional.of(new Child(process, handler, lines));
      Thread.ofVirtual().name("mcp-" + process.pid()).start(lines);
    } catch (IOException unstartable) {
      throw KnownFailure.notSent(
          "unstartable", "the command '%s' cannot be started".formatted(command.getFirst()));
    }
  }

  @Override
  public CompletableFuture<JsonNode> initialize(McpInitializeRequest request) {
    return execute(request)
        .thenCompose(
            response -> execute(new McpInitializationNotification()).thenApply(none -> response));
  }

  @Override
  public CompletableFuture<JsonNode> executeOperationWithResponse(McpClientMessage message) {
    return execute(message);
  }

  @Override
  public CompletableFuture<JsonNode> executeOperationWithResponse(McpCallContext context) {
    return execute(context.message());
  }

  @Override
  public void executeOperationWithoutResponse(McpClientMessage message) {
    try {
      write(child(), message);
    } catch (KnownFailure gone) {
      LOG.log(Level.DEBUG, "A notice did not reach the MCP server: {0}", gone.failure().code());
    }
  }

  @Override
  public void executeOperationWithoutResponse(McpCallContext context) {
    executeOperationWithoutResponse(context.message());
  }

  /** Writes a message; the answer to one with an id comes later, any other is done. */
  private CompletableFuture<JsonNode> execute(McpClientMessage message) {
    var answer = new CompletableFuture<JsonNode>();
    Optional<Long> id = Optional.ofNullable(message.getId());
    Child child;
    try {
      child = child();
      id.ifPresent(each -> child.handler().startOperation(each, answer));
      write(child, message);
    } catch (KnownFailure notSent) {
      return CompletableFuture.failedFuture(notSent);
    }
    if (id.isEmpty()) {
      answer.complete(MissingNode.getInstance());
    } else if (child.lines().hasEnded()) {
      answer.completeExceptionally(
          KnownFailure.unknown("connection-lost", "The server ended with the call."));
    }
    return answer;
  }

  private Child child() {
    return running.orElseThrow(
        () -> KnownFailure.notSent("not-started", "the server was not started"));
  }

  /**
   * Writes one line. Its end is the last byte, so a line that broke off is no request.
   *
   * @throws KnownFailure not sent
   */
  private void write(Child child, McpClientMessage message) {
    byte[] line = line(message);
    if (!isFree()) {
      child.process().destroyForcibly();
      throw KnownFailure.notSent("stuck", "the server does not read what is sent to it");
    }
    try {
      if (!child.process().isAlive()) {
        throw KnownFailure.notSent("ended", "the server's process has ended");
      }
      OutputStream out = child.process().getOutputStream();
      out.write(line);
      out.flush();
    } catch (IOException broken) {
      throw KnownFailure.notSent("ended", "the server's process does not listen any more");
    } finally {
      writing.unlock();
    }
  }

  private boolean isFree() {
    try {
      // The first does not mind an interrupt: a cancellation is sent by an interrupted thread.
      return writing.tryLock() || writing.tryLock(WRITE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw KnownFailure.notSent("interrupted", "the wait for the server was cut short");
    }
  }

  private static byte[] line(McpClientMessage message) {
    try {
      return (MAPPER.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException unwritable) {
      throw KnownFailure.notSent("unwritable", "the request cannot be written as JSON");
    }
  }

  @Override
  public void checkHealth() {
    Child child = child();
    if (!child.process().isAlive() || child.lines().hasEnded()) {
      throw KnownFailure.notSent("ended", "the server's process has ended");
    }
  }

  @Override
  public void onFailure(Runnable action) {
    // A broken session is replaced by the next call that needs one.
  }

  /** Ends the server: its input ends, and two seconds later so does its process. */
  @Override
  public void close() {
    running.ifPresent(child -> end(child.process()));
  }

  private void end(Process process) {
    List<ProcessHandle> descendants = process.descendants().toList();
    if (process.isAlive() && writing.tryLock()) {
      try {
        process.getOutputStream().close();
        process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
      } catch (IOException broken) {
        LOG.log(Level.DEBUG, "The input of an MCP server was broken already.");
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } finally {
        writing.unlock();
      }
    }
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }
}
