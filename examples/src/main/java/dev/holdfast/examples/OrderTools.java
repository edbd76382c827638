package dev.holdfast.examples;

import dev.holdfast.agents.Effect;
import dev.holdfast.examples.OutsideWorld.Booking;
import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.Order;
import dev.holdfast.examples.OutsideWorld.Receipt;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect.Answer;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The tools of the order desk: five touches of the outside world, each with its contract.
 *
 * <p>A model may ask again for what it has asked for. What must not happen twice in one complaint
 * says so itself by its intent.
 */
final class OrderTools {
  private final OrderWorld world;

  OrderTools(OrderWorld world) {
    this.world = world;
  }

  @Tool(name = "find_order", value = "Looks up an order.")
  @Effect(Contract.READ)
  Order findOrder(@P("the order's number") String orderId)
      throws IOException, InterruptedException {
    return world.order(orderId);
  }

  /** The bank remembers the key, so whoever asks again gets the first receipt. */
  @Tool(name = "refund", value = "Pays money back to the customer of an order.")
  @Effect(value = Contract.KEYED, oncePer = Intent.Scope.RUN, intent = "refund:{orderId}")
  Receipt refund(IdempotencyKey key, String orderId, @P("the amount in cents") long cents)
      throws IOException, InterruptedException {
    return world.refund(Optional.of(key.text()), new RefundRequest(orderId, cents));
  }

  /** The stock is a database, so the change and the proof of it are one transaction. */
  @Tool(name = "book_stock", value = "Books a change of the stock.")
  @Effect(value = Contract.TRANSACTIONAL, oncePer = Intent.Scope.RUN, intent = "stock:{item}")
  Booking bookStock(Connection connection, String item, @P("negative to take out") int quantity)
      throws SQLException {
    return Stock.book(connection, item, quantity);
  }

  /**
   * The mailbox has no memory for keys, but it can be asked for a letter by the key it came with.
   *
   * <p>Half a second is long enough to believe that a letter which is not there will not come: this
   * mailbox is one process on the same machine, it puts a letter down before it answers, nothing
   * queues on the way, and no attempt lives longer than the timeout of 300 ms. A mailbox behind a
   * relay would need the longest time that the relay keeps trying; the default, timeout plus five
   * seconds, suits most.
   */
  @Tool(name = "write_to_customer", value = "Sends a letter to a customer.")
  @Effect(
      value = Contract.VERIFIED,
      oncePer = Intent.Scope.RUN,
      intent = "letter:{to}",
      probe = "letterSent",
      timeout = "300ms",
      settleAfter = "500ms") // safe here: see above; the demo would only be slower with the default
  String writeToCustomer(IdempotencyKey key, String to, String text)
      throws IOException, InterruptedException {
    return world.send(Optional.of(key.text()), new Letter(to, text));
  }

  Answer<String> letterSent(IdempotencyKey key) throws IOException, InterruptedException {
    return world
        .letter(key.text())
        .<Answer<String>>map(Answer.Happened::new)
        .orElseGet(Answer.DidNotHappen::new);
  }

  /** The courier knows no keys and answers no questions: a repeat sends a second van. */
  @Tool(name = "book_pickup", value = "Sends the courier to fetch the goods of an order.")
  @Effect(value = Contract.ONCE, oncePer = Intent.Scope.RUN, intent = "pickup:{orderId}")
  String bookPickup(String orderId) throws IOException, InterruptedException {
    return world.pickUp(orderId);
  }
}
