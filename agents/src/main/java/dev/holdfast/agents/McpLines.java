package dev.holdfast.agents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.mcp.client.transport.McpOperationHandler;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Reads what a server's process writes, line by line, until it ends.
 *
 * <p>A line that is no message is passed over, unlogged, since nobody knows what it holds. One that
 * is too long is not kept; the call that it answers gets a result that says so, because the effect
 * did happen.
 */
final class McpLines implements Runnable {
  static final int LINE_BYTES_MAX = 8 << 20;
  private static final Duration OUTPUT_AFTER_END = Duration.ofSeconds(2);
  private static final System.Logger LOG = System.getLogger("dev.holdfast.agents");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final McpOperationHandler handler;
  private volatile boolean ended;

  McpLines(Process process, McpOperationHandler handler) {
    this.process = process;
    this.handler = handler;
  }

  /** Whether no answer can come any more. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public void run() {
    // A grandchild may hold the output open after the server itself has ended.
    Executor later =
        CompletableFuture.delayedExecutor(
            OUTPUT_AFTER_END.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    var unused = process.onExit().thenRunAsync(this::end, later);
    try (InputStream in = new BufferedInputStream(process.getInputStream())) {
      while (read(in)) {
        // each line is handled as it comes
      }
    } catch (IOException broken) {
      LOG.log(Level.DEBUG, "The output of MCP server process {0} broke off.", process.pid());
    } finally {
      end();
      process.destroyForcibly();
    }
  }

  private void end() {
    ended = true;
    handler.cancelAllPendingOperations("the server's output ended");
  }

  /** Reads one line and handles it; false at the end. */
  private boolean read(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    long length = 0;
    int next = in.read();
    while (next >= 0 && next != '\n') {
      length++;
      if (length <= LINE_BYTES_MAX) {
        line.write(next);
      }
      next = in.read();
    }
    if (length > LINE_BYTES_MAX) {
      handleTooLong(line.toByteArray(), length);
    } else if (length > 0) {
      handle(line.toByteArray());
    }
    return next >= 0;
  }

  private void handle(byte[] line) {
    try {
      handler.handle(MAPPER.readTree(line));
    } catch (IOException | RuntimeException garbage) {
      LOG.log(
          Level.DEBUG,
          "MCP server process {0} wrote a line that is no message ({1}).",
          process.pid(),
          garbage.getClass().getSimpleName());
    }
  }

  private void handleTooLong(byte[] beginning, long length) {
    OptionalLong id = idOf(beginning);
    if (id.isEmpty()) {
      LOG.log(Level.WARNING, "An MCP server wrote {0} bytes without a line''s end.", length);
      process.destroyForcibly();
      return;
    }
    String note = "[the answer has %,d bytes and is left out]".formatted(length);
    var response = MAPPER.createObjectNode().put("jsonrpc", "2.0").put("id", id.getAsLong());
    response
        .putObject("result")
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", note);
    handler.handle((JsonNode) response);
  }

  /** The message's own id, where it stands before what is too long. */
  private static OptionalLong idOf(byte[] beginning) {
    try (JsonParser parser = new JsonFactory().createParser(beginning)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          return OptionalLong.of(parser.getLongValue());
        }
        parser.skipChildren();
      }
    } catch (IOException brokenOff) {
      LOG.log(Level.DEBUG, "An overlong line holds no id at its beginning.");
    }
    return OptionalLong.empty();
  }
}
