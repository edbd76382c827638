package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What outlives the lives of one system in one workload: its folder, its database, the ledger of
 * the outside and, where it has one, its own server. For one thread.
 */
final class PeerPlace implements AutoCloseable {
  private final PeerSystem system;
  private final Path folder;
  private final String url;
  private final boolean isKeyed;
  private final Optional<PeerNode> node;
  private Optional<RestateServer> restate = Optional.empty();

  /**
   * A place with nothing in it yet.
   *
   * @param url the database's JDBC URL, empty where it has none
   * @param isKeyed whether the outside honours keys, for who has one
   */
  PeerPlace(PeerSystem system, Path folder, String url, boolean isKeyed, Optional<PeerNode> node) {
    this.system = system;
    this.folder = folder;
    this.url = url;
    this.isKeyed = isKeyed;
    this.node = node;
  }

  PeerSystem system() {
    return system;
  }

  Path ledger() {
    return folder.resolve("ledger.txt");
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** Begins a life of the system and waits until it is open. */
  PeerProcess start() throws IOException {
    Files.createDirectories(data());
    if (system == PeerSystem.RESTATE && restate.isEmpty()) {
      restate = Optional.of(RestateServer.start(node.orElseThrow(), data()));
    }
    return PeerProcess.start(system.title(), command(), folder);
  }

  private List<String> command() {
    return switch (system) {
      case HOLDFAST_SQLITE, HOLDFAST_POSTGRES, DBOS, NAIVE, RAW, RAW_POSTGRES -> java();
      case RESTATE -> restate.orElseThrow().command(ledger());
      case LANGGRAPH_SQLITE ->
          node.orElseThrow()
              .command("langgraph.mjs", "sqlite", data().resolve("runs.db"), ledger());
      case LANGGRAPH_POSTGRES ->
          node.orElseThrow()
              .command("langgraph.mjs", "postgres", PeerNode.postgresUrl(url), ledger());
    };
  }

  private List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        PeerChild.class.getName(),
        system.name(),
        data().toString(),
        url,
        ledger().toString(),
        Boolean.toString(isKeyed));
  }

  /** Whether its commits are slower than later ones since its log has not reached its length. */
  boolean isCold() {
    return switch (system) {
      case HOLDFAST_SQLITE -> new WriteAheadLog(data().resolve(HoldfastPeer.FILE)).grows();
      case RAW -> new WriteAheadLog(data().resolve(RawPeer.FILE)).grows();
      case HOLDFAST_POSTGRES,
          DBOS,
          NAIVE,
          RAW_POSTGRES,
          RESTATE,
          LANGGRAPH_SQLITE,
          LANGGRAPH_POSTGRES ->
          false;
    };
  }

  /** What the system occupies on disk while no life of it runs. */
  long bytes() throws IOException, SQLException {
    closeServer();
    return url.isEmpty() ? fileBytes() : PeerServer.bytes(url);
  }

  private long fileBytes() throws IOException {
    try (Stream<Path> files = Files.walk(data())) {
      return files.filter(Files::isRegularFile).mapToLong(PeerPlace::length).sum();
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private void closeServer() {
    restate.ifPresent(RestateServer::close);
    restate = Optional.empty();
  }

  @Override
  public void close() {
    closeServer();
  }
}
