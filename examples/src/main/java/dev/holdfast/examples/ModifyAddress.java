package dev.holdfast.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;

/** Replaces the address of a pending order or of a customer. */
final class ModifyAddress {
  static final List<String> FIELDS =
      List.of("address1", "address2", "city", "state", "country", "zip");

  private ModifyAddress() {}

  static String ofOrder(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    RetailOrder order = RetailOrder.require(records, arguments);
    order.requireStatus("pending", "non-pending order cannot be modified");
    replace(order.record(), arguments);
    return order.put();
  }

  static String ofUser(RetailRecords records, RetailArguments arguments)
      throws Refusal, SQLException {
    String id = arguments.text("user_id");
    ObjectNode user = records.require(RetailTable.USERS, id);
    replace(user, arguments);
    records.put(RetailTable.USERS, id, user);
    return JsonText.printed(user);
  }

  private static void replace(ObjectNode owner, RetailArguments arguments) {
    ObjectNode address = owner.putObject("address");
    FIELDS.forEach(field -> address.put(field, arguments.text(field)));
  }
}
