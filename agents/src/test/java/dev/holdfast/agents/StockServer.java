package dev.holdfast.agents;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A real MCP server in a process of its own, made with the protocol's own Java SDK, that fails in
 * the way that a file tells it to. Its ledger outlives it.
 */
final class StockServer {
  private static final PrintStream OUT = System.out;

  private final Path directory;
  private final McpSyncServer server;

  private StockServer(Path directory) {
    this.directory = directory;
    McpJsonMapper mapper = McpJsonDefaults.getMapper();
    server =
        io.modelcontextprotocol.server.McpServer.sync(
                new StdioServerTransportProvider(
                    mapper,
                    new Tee(System.in, directory.resolve("wire")),
                    new Echo(OUT, directory)))
            .serverInfo("stock", "1")
            .capabilities(McpSchema.ServerCapabilities.builder().tools(true).build())
            .tools(specifications())
            .build();
  }

  /** Serves until its parent ends. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(86));
    append(directory.resolve("starts"), Long.toString(ProcessHandle.current().pid()));
    if (Files.exists(directory.resolve("broken"))) {
      Runtime.getRuntime().halt(3);
    }
    new StockServer(directory);
  }

  private List<SyncToolSpecification> specifications() {
    return StockTools.read(directory).all().stream()
        .map(tool -> new SyncToolSpecification(tool, this::call))
        .toList();
  }

  private void change(String variant) throws IOException {
    StockTools before = StockTools.read(directory);
    Files.writeString(directory.resolve("tools"), variant);
    before.all().forEach(tool -> server.removeTool(tool.name()));
    specifications().forEach(server::addTool);
    server.notifyToolsListChanged();
  }

  private CallToolResult call(McpSyncServerExchange exchange, CallToolRequest request) {
    Optional<String> fault = fault();
    Map<String, Object> meta = request.meta() == null ? Map.of() : request.meta();
    String key = String.valueOf(meta.getOrDefault(McpServer.KEY_FIELD, "-"));
    try {
      String text = perform(request, key, fault.orElse(""));
      return CallToolResult.builder().addTextContent(text).isError(is(fault, "error")).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean is(Optional<String> fault, String name) {
    return fault.equals(Optional.of(name));
  }

  private String perform(CallToolRequest request, String key, String fault) throws IOException {
    switch (fault) {
      case "kill-before-effect" -> kill();
      case "refuse" ->
          throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
              .message("the amount is odd")
              .build();
      case "break" ->
          throw McpError.builder(McpSchema.ErrorCodes.INTERNAL_ERROR)
              .message("secret host db-7")
              .build();
      case "slow-before-effect" -> sleep();
      default -> {}
    }
    String result = Ledger.of(directory).book(key, request.name(), request.arguments());
    switch (fault) {
      case "kill-after-effect" -> kill();
      case "slow-after-effect" -> sleep();
      case "garbage" -> garbage();
      case "huge" -> result = "x".repeat(McpLines.LINE_BYTES_MAX + 1);
      case "large" -> result = "y".repeat(200_000);
      default -> {
        if (fault.startsWith("change-to-")) {
          change(fault.substring("change-to-".length()));
        }
      }
    }
    return result;
  }

  private static void garbage() {
    OUT.println("Starting up, password=hunter2 ...");
    OUT.println("{\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":{}}");
    OUT.println("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":7}");
    OUT.println("[1,2");
    OUT.println("null");
    OUT.flush();
  }

  private static void sleep() {
    try {
      TimeUnit.SECONDS.sleep(4);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No shutdown hook runs, nothing is flushed. */
  private static void kill() throws IOException {
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("kill", "-9", Long.toString(pid)).inheritIO().start();
    sleep();
  }

  /** What the next call is to suffer; each is suffered once. */
  private Optional<String> fault() {
    Path file = directory.resolve("fault");
    try {
      if (Files.exists(directory.resolve("always"))) {
        return Optional.of(Files.readString(directory.resolve("always")));
      }
      String text = Files.readString(file);
      Files.delete(file);
      return Optional.of(text);
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  static void append(Path file, String line) throws IOException {
    Files.writeString(
        file,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Everything that happened, one line each; what comes again under its key is not. */
  record Ledger(Path file) {
    static Ledger of(Path directory) {
      return new Ledger(directory.resolve("ledger"));
    }

    synchronized String book(String key, String tool, Map<String, Object> arguments)
        throws IOException {
      String line = key + " " + tool + " " + new TreeMap<>(arguments);
      append(file.resolveSibling("calls"), key + " " + tool);
      if (key.equals("-") || !lines().contains(line)) {
        append(file, line);
      }
      return tool + " done for " + arguments;
    }

    List<String> lines() throws IOException {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
  }
}
