package dev.holdfast.agents;

import static dev.holdfast.journal.Contract.IDEMPOTENT;
import static dev.holdfast.journal.Contract.KEYED;
import static dev.holdfast.journal.Contract.ONCE;
import static dev.holdfast.journal.Contract.READ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The stock that a test server keeps, seen from outside: its files. */
record Stock(Path directory) {
  static final Contracts CONTRACTS =
      Contracts.of("find*", READ).and("label", IDEMPOTENT).and("reserve", KEYED).and("purge", ONCE);

  /** How a client reaches the server. */
  McpServer.Builder server() {
    return McpServer.named("stock")
        .process(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            StockServer.class.getName(),
            directory.toString())
        .contracts(CONTRACTS)
        .timeout(Duration.ofSeconds(2));
  }

  /** The next call suffers this. */
  void fault(String fault) {
    write("fault", fault);
  }

  void tools(String variant) {
    write("tools", variant);
  }

  void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What happened of that tool, oldest first, without the keys. */
  List<String> booked(String tool) {
    return lines("ledger").stream()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .filter(line -> line.startsWith(tool + " "))
        .toList();
  }

  /** The keys of the calls that reached that tool's effect, repeats included. */
  List<String> keys(String tool) {
    return lines("calls").stream()
        .filter(line -> line.endsWith(" " + tool))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  /** The process ids of the servers that were started, oldest first. */
  List<String> starts() {
    return lines("starts");
  }

  /** Every line that a client sent. */
  List<String> wire() {
    return lines("wire");
  }

  /** Sends SIGKILL to the server that runs, and waits until it is gone. */
  void kill() {
    long pid = Long.parseLong(starts().getLast());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    server.destroyForcibly();
    server.onExit().join();
  }

  private List<String> lines(String file) {
    try {
      Path path = directory.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
