package dev.holdfast.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * A shop, a bank, a mailbox and a courier in a process of their own, which count what really
 * reached them.
 *
 * <p>The process prints {@code outside-world } and its address, and ends when its standard input
 * does. It listens on the loopback interface only.
 */
public final class OutsideWorld {
  /** What the line with the address begins with. */
  public static final String ANNOUNCEMENT = "outside-world ";

  /** The header by which the bank and the mailbox know a request again. */
  static final String KEY_HEADER = "Idempotency-Key";

  private final ObjectMapper json = new ObjectMapper();
  private final WorldBooks books = new WorldBooks();
  private final Stock stock;

  private OutsideWorld(Stock stock) {
    this.stock = stock;
  }

  /** An order in the shop; the price in cents. */
  public record Order(String id, String customer, String item, long cents) {}

  /** Money to go back to the customer of an order. */
  public record RefundRequest(String orderId, long cents) {}

  /** The bank's confirmation. */
  public record Receipt(String number, String orderId, long cents) {}

  /** A letter to a customer. */
  public record Letter(String to, String text) {}

  /** A change of the stock. */
  public record Booking(String number, String item, int quantity) {}

  /**
   * What really reached the outside world.
   *
   * @param refunds payments of the bank
   * @param letters deliveries of the mailbox
   * @param bookings changes of the stock
   * @param pickups the orders that the courier was sent to
   * @param repeatsAnswered requests that the bank knew by their key and did not repeat
   * @param answersLost answers that got lost after the work was done
   */
  public record Ledger(
      List<Receipt> refunds,
      List<Letter> letters,
      List<Booking> bookings,
      List<String> pickups,
      int repeatsAnswered,
      int answersLost) {
    /** Copies the lists. */
    public Ledger {
      refunds = List.copyOf(refunds);
      letters = List.copyOf(letters);
      bookings = List.copyOf(bookings);
      pickups = List.copyOf(pickups);
    }
  }

  /** Opens the world over the stock database at the path given as the only argument. */
  public static void main(String[] arguments) throws Exception {
    var world = new OutsideWorld(Stock.create(Path.of(arguments[0])));
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", world::serve);
    server.start();
    ChildJvm.endWithParent();
    var address = server.getAddress();
    System.out.println(ANNOUNCEMENT + "http://127.0.0.1:" + address.getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String place = path.split("/", 3)[1];
      Optional<?> answer = answer(exchange, place, path.substring(place.length() + 1));
      if (books.losesAnswer(place)) {
        return; // Closing without a reply is what a caller sees of a connection that broke.
      }
      byte[] body = json.writeValueAsBytes(answer.orElse(null));
      exchange.sendResponseHeaders(answer.isPresent() ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    } catch (RuntimeException broken) {
      byte[] text = String.valueOf(broken.getMessage()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(500, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private Optional<?> answer(HttpExchange exchange, String place, String rest) throws IOException {
    var key = Optional.ofNullable(exchange.getRequestHeaders().getFirst(KEY_HEADER));
    return switch (exchange.getRequestMethod() + " " + place) {
      case "GET orders" -> order(rest.substring(1));
      case "POST bank" -> Optional.of(books.refund(key, read(exchange, RefundRequest.class)));
      case "POST mailbox" -> Optional.of(books.deliver(key, read(exchange, Letter.class)));
      case "GET mailbox" -> books.letter(rest.substring(1));
      case "POST courier" -> Optional.of(books.pickUp(read(exchange, String.class)));
      case "POST faults" -> lose(read(exchange, String.class));
      case "GET ledger" -> Optional.of(books.ledger(stock.bookings()));
      default -> Optional.empty();
    };
  }

  private Optional<Map<String, String>> lose(String place) {
    books.loseNextAnswer(place);
    return Optional.of(Map.of("loses", place));
  }

  private <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
    return json.readValue(exchange.getRequestBody(), type);
  }

  /** The shop has any order whose number is all digits; each is for the same kettle. */
  static Optional<Order> order(String id) {
    return id.chars().allMatch(Character::isDigit)
        ? Optional.of(new Order(id, "ada@example.org", "blue kettle", 4_900))
        : Optional.empty();
  }
}
