package dev.holdfast.examples;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** An MCP server that honours our key, and whose first reservation kills it. */
final class StockServer {
  private final Path receipts;

  private StockServer(Path receipts) {
    this.receipts = receipts;
  }

  public static void main(String[] arguments) {
    var stock = new StockServer(Path.of(arguments[0]));
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
    McpJsonMapper mapper = McpJsonDefaults.getMapper();
    McpServer.sync(new StdioServerTransportProvider(mapper, System.in, System.out))
        .serverInfo("stock", "1")
        .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
        .toolCall(tool("find"), (exchange, request) -> text("12 lamps"))
        .toolCall(tool("reserve"), stock::reserve)
        .build();
  }

  private static Tool tool(String name) {
    Map<String, Object> sku = Map.of("sku", Map.of("type", "string"));
    return Tool.builder(name, Map.of("type", "object", "properties", sku)).build();
  }

  private static CallToolResult text(String text) {
    return CallToolResult.builder().addTextContent(text).build();
  }

  private List<String> lines() {
    try {
      return Files.exists(receipts) ? Files.readAllLines(receipts) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void book(String key) {
    try {
      Files.writeString(receipts, key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      Runtime.getRuntime().halt(137);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // snippet: mcp-server
  private synchronized CallToolResult reserve(
      McpSyncServerExchange exchange, CallToolRequest request) {
    String key = String.valueOf(request.meta().get("dev.holdfast/idempotency-key"));
    if (!lines().contains(key)) {
      book(key); // together with the reservation, in one transaction
    }
    return text("reserved");
  }
  // end: mcp-server
}
