package dev.holdfast.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One Restate server node with its data in a folder; it is not what is killed. */
final class RestateServer implements AutoCloseable {
  private static final Duration STARTING_MAX = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final int ENDING_SECONDS_MAX = 20;

  private final PeerNode node;
  private final Process process;
  private final int ingress;
  private final int admin;
  private final int service;

  private RestateServer(PeerNode node, Process process, int ingress, int admin, int service) {
    this.node = node;
    this.process = process;
    this.ingress = ingress;
    this.admin = admin;
    this.service = service;
  }

  static RestateServer start(PeerNode node, Path folder) throws IOException {
    int ingress = freePort();
    int admin = freePort();
    int fabric = freePort();
    Path log = folder.resolveSibling("restate.log");
    var builder =
        new ProcessBuilder(node.binary("restate-server").toString(), "--no-logo")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("RESTATE_BASE_DIR", folder.resolve("restate").toString());
    builder.environment().put("RESTATE_NODE_NAME", "peer");
    builder.environment().put("RESTATE_LISTEN_MODE", "tcp");
    builder.environment().put("RESTATE_BIND_IP", "127.0.0.1");
    builder.environment().put("RESTATE_BIND_PORT", Integer.toString(fabric));
    builder.environment().put("RESTATE_INGRESS__BIND_PORT", Integer.toString(ingress));
    builder.environment().put("RESTATE_ADMIN__BIND_PORT", Integer.toString(admin));
    builder.environment().put("DO_NOT_TRACK", "1");
    var server = new RestateServer(node, builder.start(), ingress, admin, freePort());
    Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "end-restate"));
    try {
      server.awaitHealth(admin, "/health", log);
      server.awaitHealth(ingress, "/restate/health", log);
      return server;
    } catch (RuntimeException silent) {
      server.close();
      throw silent;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitHealth(int port, String path, Path log) {
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(2))
            .build();
    long end = System.nanoTime() + STARTING_MAX.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (process.isAlive() && System.nanoTime() < end) {
        if (isWell(client, ask)) {
          return;
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("The Restate server did not start; see " + log);
  }

  private static boolean isWell(HttpClient client, HttpRequest ask) throws InterruptedException {
    try {
      return client.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The command that begins a life of the service that the server calls. */
  List<String> command(Path ledger) {
    return node.command("restate.mjs", service, ingress, admin, ledger);
  }

  /** Lets the server end in good order, so that all it holds is on disk. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(ENDING_SECONDS_MAX, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException interrupted) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  /** What was started is a launcher, whose child is the server. */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
