package dev.holdfast.examples;

import dev.holdfast.agents.Effect;
import dev.holdfast.agents.RunContext;
import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import java.util.Map;
import java.util.function.Function;

/** The nine tools of the shop that change nothing; each run sees the world of its own id. */
final class RetailReadingDesk {
  private final Function<String, RetailWorld> worlds;

  RetailReadingDesk(Function<String, RetailWorld> worlds) {
    this.worlds = worlds;
  }

  private String answer(RunContext context, String tool, Map<String, Object> arguments) {
    return worlds
        .apply(context.run().text())
        .execute(RetailCall.of(context.call(), tool, arguments));
  }

  @Tool(
      name = "calculate",
      value = "Works out a sum with numbers, + - * /, brackets and blanks; two decimals.")
  @Effect(Contract.READ)
  String calculate(
      RunContext context, @P(name = "expression", value = "such as 3 * (2 + 1)") String sum) {
    return answer(context, "calculate", Map.of("expression", sum));
  }

  @Tool(name = "find_user_id_by_email", value = "Finds a customer's id by e-mail address.")
  @Effect(Contract.READ)
  String findUserIdByEmail(
      RunContext context, @P(name = "email", value = "the e-mail address") String email) {
    return answer(context, "find_user_id_by_email", Map.of("email", email));
  }

  @Tool(
      name = "find_user_id_by_name_zip",
      value = "Finds a customer's id by name and postal code, for those without an e-mail address.")
  @Effect(Contract.READ)
  String findUserIdByNameZip(
      RunContext context,
      @P(name = "first_name", value = "the first name") String first,
      @P(name = "last_name", value = "the last name") String last,
      @P(name = "zip", value = "the postal code") String zip) {
    return answer(
        context,
        "find_user_id_by_name_zip",
        Map.of("first_name", first, "last_name", last, "zip", zip));
  }

  @Tool(name = "get_order_details", value = "Shows an order: items, status, payments.")
  @Effect(Contract.READ)
  String orderDetails(
      RunContext context, @P(name = "order_id", value = "begins with #W") String order) {
    return answer(context, "get_order_details", Map.of("order_id", order));
  }

  @Tool(name = "get_product_details", value = "Shows a product with its variants and stock.")
  @Effect(Contract.READ)
  String productDetails(
      RunContext context,
      @P(name = "product_id", value = "the product's id, not an item's") String product) {
    return answer(context, "get_product_details", Map.of("product_id", product));
  }

  @Tool(name = "get_user_details", value = "Shows a customer: address, payment methods, orders.")
  @Effect(Contract.READ)
  String userDetails(
      RunContext context, @P(name = "user_id", value = "the customer's id") String user) {
    return answer(context, "get_user_details", Map.of("user_id", user));
  }

  @Tool(name = "list_all_product_types", value = "Lists the fifty products with their ids.")
  @Effect(Contract.READ)
  String allProductTypes(RunContext context) {
    return answer(context, "list_all_product_types", Map.of());
  }

  @Tool(name = "think", value = "Writes a thought down; asks nothing and changes nothing.")
  @Effect(Contract.READ)
  String think(RunContext context, @P(name = "thought", value = "the thought") String thought) {
    return answer(context, "think", Map.of("thought", thought));
  }

  @Tool(
      name = "transfer_to_human_agents",
      value = "Hands the customer over to a person; ends the conversation.",
      returnBehavior = ReturnBehavior.IMMEDIATE)
  @Effect(Contract.READ)
  String transfer(
      RunContext context,
      @P(name = "summary", value = "what the person must know") String summary) {
    return answer(context, "transfer_to_human_agents", Map.of("summary", summary));
  }
}
