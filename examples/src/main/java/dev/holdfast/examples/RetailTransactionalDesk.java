package dev.holdfast.examples;

import dev.holdfast.agents.Effect;
import dev.holdfast.agents.RunContext;
import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The seven tools that change the shop, each in the transaction that holds its dedupe row: a repeat
 * after a crash finds the row and changes nothing.
 */
final class RetailTransactionalDesk {
  private final Function<String, RetailWorld> worlds;

  RetailTransactionalDesk(Function<String, RetailWorld> worlds) {
    this.worlds = worlds;
  }

  private String answer(
      RunContext context, Connection connection, String tool, Map<String, Object> arguments)
      throws SQLException {
    return worlds
        .apply(context.run().text())
        .execute(connection, RetailCall.of(context.call(), tool, arguments));
  }

  @Tool(name = "cancel_pending_order", value = "Cancels a pending order and refunds it.")
  @Effect(Contract.TRANSACTIONAL)
  String cancelPendingOrder(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "reason", value = "no longer needed, or ordered by mistake") String reason)
      throws SQLException {
    return answer(
        context, connection, "cancel_pending_order", Map.of("order_id", order, "reason", reason));
  }

  @Tool(
      name = "exchange_delivered_order_items",
      value = "Exchanges items of a delivered order for other variants of the same products.")
  @Effect(Contract.TRANSACTIONAL)
  String exchangeDeliveredOrderItems(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "new_item_ids", value = "what each becomes, in the same order")
          List<String> newItems,
      @P(name = "payment_method_id", value = "pays or gets the difference") String method)
      throws SQLException {
    return answer(
        context,
        connection,
        "exchange_delivered_order_items",
        RetailDesks.swap(order, items, newItems, method));
  }

  @Tool(name = "modify_pending_order_address", value = "Changes where a pending order goes.")
  @Effect(Contract.TRANSACTIONAL)
  String modifyPendingOrderAddress(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "address1", value = "street and number") String street,
      @P(name = "address2", value = "flat or suite, may be empty") String suite,
      @P(name = "city", value = "the city") String city,
      @P(name = "state", value = "the state") String state,
      @P(name = "country", value = "the country") String country,
      @P(name = "zip", value = "the postal code") String zip)
      throws SQLException {
    return answer(
        context,
        connection,
        "modify_pending_order_address",
        RetailDesks.address("order_id", order, street, suite, city, state, country, zip));
  }

  @Tool(
      name = "modify_pending_order_items",
      value = "Changes items of a pending order, once, to other variants of the same products.")
  @Effect(Contract.TRANSACTIONAL)
  String modifyPendingOrderItems(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "new_item_ids", value = "what each becomes, in the same order")
          List<String> newItems,
      @P(name = "payment_method_id", value = "pays or gets the difference") String method)
      throws SQLException {
    return answer(
        context,
        connection,
        "modify_pending_order_items",
        RetailDesks.swap(order, items, newItems, method));
  }

  @Tool(name = "modify_pending_order_payment", value = "Changes what pays a pending order.")
  @Effect(Contract.TRANSACTIONAL)
  String modifyPendingOrderPayment(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "payment_method_id", value = "pays from now on") String method)
      throws SQLException {
    return answer(
        context,
        connection,
        "modify_pending_order_payment",
        Map.of("order_id", order, "payment_method_id", method));
  }

  @Tool(name = "modify_user_address", value = "Changes a customer's own address.")
  @Effect(Contract.TRANSACTIONAL)
  String modifyUserAddress(
      RunContext context,
      Connection connection,
      @P(name = "user_id", value = "the customer's id") String user,
      @P(name = "address1", value = "street and number") String street,
      @P(name = "address2", value = "flat or suite, may be empty") String suite,
      @P(name = "city", value = "the city") String city,
      @P(name = "state", value = "the state") String state,
      @P(name = "country", value = "the country") String country,
      @P(name = "zip", value = "the postal code") String zip)
      throws SQLException {
    return answer(
        context,
        connection,
        "modify_user_address",
        RetailDesks.address("user_id", user, street, suite, city, state, country, zip));
  }

  @Tool(name = "return_delivered_order_items", value = "Takes items of a delivered order back.")
  @Effect(Contract.TRANSACTIONAL)
  String returnDeliveredOrderItems(
      RunContext context,
      Connection connection,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "payment_method_id", value = "gets the money back") String method)
      throws SQLException {
    return answer(
        context,
        connection,
        "return_delivered_order_items",
        Map.of("order_id", order, "item_ids", items, "payment_method_id", method));
  }
}
