package dev.holdfast.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on this machine alone that answers as recorded, whatever it is asked. */
final class WireServer implements AutoCloseable {
  /** Headers that tell of the transport then, not of this one. */
  private static final Set<String> NOT_REPEATED =
      Set.of("content-length", "content-encoding", "transfer-encoding", "connection", "date");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Map<String, Place> places = new ConcurrentHashMap<>();
  private final AtomicInteger placesMade = new AtomicInteger();

  private WireServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static WireServer start() throws IOException {
    // Without it the server waits 40 ms between a reply's head and its body.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = new WireServer(HttpServer.create(address, 0), Executors.newCachedThreadPool());
    server.server.setExecutor(server.threads);
    server.server.createContext("/", server::serve);
    server.server.start();
    return server;
  }

  /** How an answer ends. */
  enum End {
    /** As a whole one does, even where it is not. */
    CLEAN,
    /** The connection is closed with a part of the announced body missing. */
    BROKEN
  }

  /**
   * A recorded answer.
   *
   * @param bytes how many bytes of the body are sent
   */
  record Answer(WireExchange exchange, int bytes, End end) {
    static Answer whole(WireExchange exchange) {
      return new Answer(exchange, exchange.bytes().length, End.CLEAN);
    }
  }

  /** A root URL with what is answered below it; its answer may change. */
  static final class Place {
    private final String url;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Answer answer;

    private Place(String url, Answer answer) {
      this.url = url;
      this.answer = answer;
    }

    String url() {
      return url;
    }

    void answer(Answer changed) {
      answer = changed;
    }

    /** The requests since this was asked last. */
    int takeRequests() {
      return requests.getAndSet(0);
    }
  }

  Place place(Answer answer) {
    String name = String.valueOf(placesMade.incrementAndGet());
    var address = server.getAddress();
    var place = new Place("http://127.0.0.1:%d/%s".formatted(address.getPort(), name), answer);
    places.put(name, place);
    return place;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String name = exchange.getRequestURI().getRawPath().split("/", 3)[1];
      Place place = places.get(name);
      if (place == null) {
        exchange.sendResponseHeaders(410, -1);
        return;
      }
      place.requests.incrementAndGet();
      send(exchange, place.answer);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    answer
        .exchange()
        .headers()
        .forEach((name, value) -> {
          if (!NOT_REPEATED.contains(name.toLowerCase(Locale.ROOT))) {
            exchange.getResponseHeaders().set(name, value);
          }
        });
    // A connection kept for the next call could be one that this call is to break.
    exchange.getResponseHeaders().set("Connection", "close");
    byte[] body = answer.exchange().bytes();
    byte[] sent = Arrays.copyOf(body, answer.bytes());
    long announced =
        switch (answer.end()) {
          case CLEAN -> sent.length == 0 ? -1 : sent.length;
          case BROKEN -> body.length + 1L;
        };
    exchange.sendResponseHeaders(answer.exchange().status(), announced);
    if (announced > 0) {
      exchange.getResponseBody().write(sent);
      exchange.getResponseBody().flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
