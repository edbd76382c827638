package dev.holdfast.examples;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tool of the retail shop.
 *
 * @param name by which the model calls it
 * @param writes whether an execution may change the world and is therefore counted in its ledger
 * @param parameters all required; those that end in {@code _ids} are lists of strings, the others
 *     strings
 */
record RetailTool(String name, boolean writes, List<String> parameters, Body body) {
  /** What a tool does: answers, or refuses before it has changed anything. */
  interface Body {
    String apply(RetailRecords records, RetailArguments arguments) throws Refusal, SQLException;
  }

  private static final List<String> ADDRESS = ModifyAddress.FIELDS;
  private static final List<String> SWAP =
      List.of("order_id", "item_ids", "new_item_ids", "payment_method_id");

  /** Every tool, sorted by name. */
  static final List<RetailTool> ALL =
      List.of(
          reading("calculate", RetailLookups::calculate, "expression"),
          writing("cancel_pending_order", CancelOrder::apply, "order_id", "reason"),
          new RetailTool("exchange_delivered_order_items", true, SWAP, ExchangeItems::apply),
          reading("find_user_id_by_email", RetailLookups::findUserIdByEmail, "email"),
          reading(
              "find_user_id_by_name_zip",
              RetailLookups::findUserIdByNameZip,
              "first_name",
              "last_name",
              "zip"),
          reading("get_order_details", RetailLookups::orderDetails, "order_id"),
          reading("get_product_details", RetailLookups::productDetails, "product_id"),
          reading("get_user_details", RetailLookups::userDetails, "user_id"),
          reading("list_all_product_types", RetailLookups::allProductTypes),
          new RetailTool(
              "modify_pending_order_address",
              true,
              and("order_id", ADDRESS),
              ModifyAddress::ofOrder),
          new RetailTool("modify_pending_order_items", true, SWAP, ModifyItems::apply),
          writing(
              "modify_pending_order_payment",
              ModifyPayment::apply,
              "order_id",
              "payment_method_id"),
          new RetailTool(
              "modify_user_address", true, and("user_id", ADDRESS), ModifyAddress::ofUser),
          writing(
              "return_delivered_order_items",
              ReturnItems::apply,
              "order_id",
              "item_ids",
              "payment_method_id"),
          reading("think", RetailLookups::think, "thought"),
          reading("transfer_to_human_agents", RetailLookups::transfer, "summary"));

  private static final Map<String, RetailTool> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(RetailTool::name, Function.identity()));

  RetailTool {
    parameters = List.copyOf(parameters);
  }

  static Optional<RetailTool> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The tool's answer; a refusal is an ordinary answer that begins with {@code Error: }. */
  String answer(RetailRecords records, String arguments) throws SQLException {
    try {
      return body.apply(records, RetailArguments.parse(arguments, parameters));
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private static RetailTool reading(String name, Body body, String... parameters) {
    return new RetailTool(name, false, List.of(parameters), body);
  }

  private static RetailTool writing(String name, Body body, String... parameters) {
    return new RetailTool(name, true, List.of(parameters), body);
  }

  private static List<String> and(String first, List<String> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }
}
