package dev.holdfast.examples;

import dev.holdfast.agents.Agent;
import dev.holdfast.kernel.spi.Transactions;
import dev.holdfast.store.JdbcTransactions;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.sql.Connection;

/**
 * An agent that settles complaints about orders: it refunds, books, writes and has goods fetched.
 */
public final class OrderDesk {
  /** The name under which runs refer to the agent. */
  public static final String NAME = "order-desk";

  private static final String INSTRUCTIONS =
      """
      You work at the order desk of a shop. When goods arrived broken: look the order up, refund its
      full price, book the broken piece out of the stock (one piece, negative), write to the
      customer, and have the courier fetch the goods. Do each exactly once, one after the other, and
      then say in one sentence what you did.
      """;

  private OrderDesk() {}

  /** The agent over that model, world and stock database. */
  public static Agent<String> agent(ChatModel model, WorldClient world, Path stock) {
    return agent(model, world, JdbcTransactions.over(Stock.source(stock)).createTable());
  }

  /** The agent over that model and world, whose stock is changed in these transactions. */
  static Agent<String> agent(
      ChatModel model, OrderWorld world, Transactions<Connection> transactions) {
    return Agent.named(NAME)
        .model(model)
        .instructions(INSTRUCTIONS)
        .tools(new OrderTools(world))
        .transactions(transactions)
        .build();
  }

  /** What the customer of that order writes. */
  public static String complaint(String orderId) {
    return "Order " + orderId + " arrived broken. I want my money back.";
  }

  /** A model that says what a good one would, so that no key is needed. */
  public static ChatModel script(String orderId) {
    String order = "\"orderId\":\"" + orderId + "\"";
    return ScriptedModel.of(
        Reply.call("find_order", "{" + order + "}"),
        Reply.call("refund", "{" + order + ",\"cents\":4900}"),
        Reply.call("book_stock", "{\"item\":\"blue kettle\",\"quantity\":-1}"),
        Reply.call(
            "write_to_customer",
            "{\"to\":\"ada@example.org\",\"text\":\"We refunded 49.00 and fetch the kettle.\"}"),
        Reply.call("book_pickup", "{" + order + "}"),
        Reply.text(
            "I refunded 49.00, booked one kettle out, wrote to the customer and sent the"
                + " courier."));
  }
}
