package dev.holdfast.agents;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider on this machine that answers as a test tells it; the last answer stays. */
final class ModelServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Answer> answers = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  ModelServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** How an answer ends. */
  enum End {
    WHOLE,
    BROKEN,
    STALLED
  }

  record Answer(int status, Map<String, String> headers, String body, End end) {}

  ModelServer answer(int status, String body) {
    return answer(new Answer(status, Map.of(), body, End.WHOLE));
  }

  ModelServer answer(Answer answer) {
    answers.add(answer);
    return this;
  }

  String url() {
    return "http://localhost:%d".formatted(server.getAddress().getPort());
  }

  /** The bodies of the requests so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] asked = exchange.getRequestBody().readAllBytes();
      requests.add(new String(asked, StandardCharsets.UTF_8));
      Answer answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean isWhole = answer.end() == End.WHOLE;
      long announced = isWhole && body.length == 0 ? -1 : body.length + (isWhole ? 0 : 1);
      exchange.sendResponseHeaders(answer.status(), announced);
      if (announced > 0) {
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
      }
      if (answer.end() == End.STALLED) {
        closing.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
