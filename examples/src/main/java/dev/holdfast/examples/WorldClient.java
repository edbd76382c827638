package dev.holdfast.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.examples.OutsideWorld.Ledger;
import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.Order;
import dev.holdfast.examples.OutsideWorld.Receipt;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import dev.holdfast.kernel.KnownFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Talks to the {@link OutsideWorld} over HTTP; safe for many threads. */
public final class WorldClient implements OrderWorld {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final String address;

  /** A client of the world at that address, such as {@code http://127.0.0.1:4711}. */
  public WorldClient(String address) {
    this.address = address;
  }

  @Override
  public Order order(String id) throws IOException, InterruptedException {
    return call(get("/orders/" + id), Order.class)
        .orElseThrow(() -> KnownFailure.rejected("no-order", "There is no order " + id + "."));
  }

  @Override
  public Receipt refund(Optional<String> key, RefundRequest request)
      throws IOException, InterruptedException {
    return call(post("/bank", key, request), Receipt.class).orElseThrow();
  }

  @Override
  public String send(Optional<String> key, Letter letter) throws IOException, InterruptedException {
    return call(post("/mailbox", key, letter), String.class).orElseThrow();
  }

  @Override
  public Optional<String> letter(String key) throws IOException, InterruptedException {
    return call(get("/mailbox/" + key), String.class);
  }

  @Override
  public String pickUp(String orderId) throws IOException, InterruptedException {
    return call(post("/courier", Optional.empty(), orderId), String.class).orElseThrow();
  }

  /** Makes a place, such as {@code bank}, lose its next answer after it has done the work. */
  public void loseNextAnswer(String place) throws IOException, InterruptedException {
    call(post("/faults", Optional.empty(), place), Object.class);
  }

  /** What really reached the world so far. */
  public Ledger ledger() throws IOException, InterruptedException {
    return call(get("/ledger"), Ledger.class).orElseThrow();
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create(address + path)).GET();
  }

  private HttpRequest.Builder post(String path, Optional<String> key, Object body)
      throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(address + path))
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    key.ifPresent(text -> request.header(OutsideWorld.KEY_HEADER, text));
    return request;
  }

  private <T> Optional<T> call(HttpRequest.Builder request, Class<T> type)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
    return switch (response.statusCode()) {
      case 200 -> Optional.of(json.readValue(response.body(), type));
      case 404 -> Optional.empty();
      default ->
          throw KnownFailure.unknown("http-" + response.statusCode(), "The answer was no success.");
    };
  }
}
