package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** The tools that change nothing. */
final class RetailLookups {
  private RetailLookups() {}

  static String findUserIdByEmail(RetailRecords records, RetailArguments arguments) throws Refusal {
    // No tool changes an e-mail address, so the base's index is always right.
    return records.base().usersWithEmail(arguments.text("email")).stream()
        .findFirst()
        .orElseThrow(() -> new Refusal("user not found"));
  }

  static String findUserIdByNameZip(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    String zip = arguments.text("zip");
    for (String id :
        records.base().usersNamed(arguments.text("first_name"), arguments.text("last_name"))) {
      JsonNode user = records.require(RetailTable.USERS, id);
      if (zip.equals(user.path("address").path("zip").textValue())) {
        return id;
      }
    }
    throw new Refusal("user not found");
  }

  static String userDetails(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    return records.printed(RetailTable.USERS, arguments.text("user_id"));
  }

  static String orderDetails(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    return records.printed(RetailTable.ORDERS, arguments.text("order_id"));
  }

  static String productDetails(RetailRecords records, RetailArguments arguments) throws Refusal {
    return JsonText.printed(records.requireProduct(arguments.text("product_id")));
  }

  static String allProductTypes(RetailRecords records, RetailArguments arguments) {
    Map<String, JsonNode> types = new TreeMap<>();
    records
        .base()
        .products()
        .forEach(product -> types.put(product.path("name").asText(), product.path("product_id")));
    ObjectNode sorted = JsonNodeFactory.instance.objectNode();
    types.forEach(sorted::set);
    return JsonText.printed(sorted);
  }

  static String calculate(RetailRecords records, RetailArguments arguments) throws Refusal {
    return JsonText.number(Calculation.of(arguments.text("expression")));
  }

  static String think(RetailRecords records, RetailArguments arguments) {
    return "";
  }

  static String transfer(RetailRecords records, RetailArguments arguments) {
    return "Transfer successful";
  }
}
