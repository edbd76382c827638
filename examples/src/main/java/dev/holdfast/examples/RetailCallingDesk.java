package dev.holdfast.examples;

import dev.holdfast.agents.RunContext;
import dev.holdfast.journal.IdempotencyKey;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The seven tools that change the shop, as calls to a shop that commits by itself.
 *
 * <p>Such a shop may remember the key of a call and answer a repeat with the first result, or
 * forget it and do everything again; the contracts are given by a table.
 */
final class RetailCallingDesk {
  private final Function<String, RetailWorld> worlds;
  private final boolean remembersKeys;

  RetailCallingDesk(Function<String, RetailWorld> worlds, boolean remembersKeys) {
    this.worlds = worlds;
    this.remembersKeys = remembersKeys;
  }

  private String answer(
      RunContext context, IdempotencyKey key, String tool, Map<String, Object> arguments) {
    RetailWorld world = worlds.apply(context.run().text());
    RetailCall call = RetailCall.of(context.call(), tool, arguments);
    return remembersKeys ? world.executeKeyed(call, key.text()) : world.execute(call);
  }

  @Tool(name = "cancel_pending_order", value = "Cancels a pending order and refunds it.")
  String cancelPendingOrder(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "reason", value = "no longer needed, or ordered by mistake") String reason) {
    return answer(
        context, key, "cancel_pending_order", Map.of("order_id", order, "reason", reason));
  }

  @Tool(
      name = "exchange_delivered_order_items",
      value = "Exchanges items of a delivered order for other variants of the same products.")
  String exchangeDeliveredOrderItems(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "new_item_ids", value = "what each becomes, in the same order")
          List<String> newItems,
      @P(name = "payment_method_id", value = "pays or gets the difference") String method) {
    return answer(
        context,
        key,
        "exchange_delivered_order_items",
        RetailDesks.swap(order, items, newItems, method));
  }

  @Tool(name = "modify_pending_order_address", value = "Changes where a pending order goes.")
  String modifyPendingOrderAddress(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "address1", value = "street and number") String street,
      @P(name = "address2", value = "flat or suite, may be empty") String suite,
      @P(name = "city", value = "the city") String city,
      @P(name = "state", value = "the state") String state,
      @P(name = "country", value = "the country") String country,
      @P(name = "zip", value = "the postal code") String zip) {
    return answer(
        context,
        key,
        "modify_pending_order_address",
        RetailDesks.address("order_id", order, street, suite, city, state, country, zip));
  }

  @Tool(
      name = "modify_pending_order_items",
      value = "Changes items of a pending order, once, to other variants of the same products.")
  String modifyPendingOrderItems(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "new_item_ids", value = "what each becomes, in the same order")
          List<String> newItems,
      @P(name = "payment_method_id", value = "pays or gets the difference") String method) {
    return answer(
        context,
        key,
        "modify_pending_order_items",
        RetailDesks.swap(order, items, newItems, method));
  }

  @Tool(name = "modify_pending_order_payment", value = "Changes what pays a pending order.")
  String modifyPendingOrderPayment(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "payment_method_id", value = "pays from now on") String method) {
    return answer(
        context,
        key,
        "modify_pending_order_payment",
        Map.of("order_id", order, "payment_method_id", method));
  }

  @Tool(name = "modify_user_address", value = "Changes a customer's own address.")
  String modifyUserAddress(
      RunContext context,
      IdempotencyKey key,
      @P(name = "user_id", value = "the customer's id") String user,
      @P(name = "address1", value = "street and number") String street,
      @P(name = "address2", value = "flat or suite, may be empty") String suite,
      @P(name = "city", value = "the city") String city,
      @P(name = "state", value = "the state") String state,
      @P(name = "country", value = "the country") String country,
      @P(name = "zip", value = "the postal code") String zip) {
    return answer(
        context,
        key,
        "modify_user_address",
        RetailDesks.address("user_id", user, street, suite, city, state, country, zip));
  }

  @Tool(name = "return_delivered_order_items", value = "Takes items of a delivered order back.")
  String returnDeliveredOrderItems(
      RunContext context,
      IdempotencyKey key,
      @P(name = "order_id", value = "begins with #W") String order,
      @P(name = "item_ids", value = "items of the order; one twice if it is meant twice")
          List<String> items,
      @P(name = "payment_method_id", value = "gets the money back") String method) {
    return answer(
        context,
        key,
        "return_delivered_order_items",
        Map.of("order_id", order, "item_ids", items, "payment_method_id", method));
  }
}
