package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;

/** A made-up shop of two customers, nine orders and two products, and one world of it. */
final class SmallShop implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final JsonMapper JSON = new JsonMapper();

  static final ObjectNode USERS =
      object(
          """
          {"ada": {
            "name": {"first_name": "Ada", "last_name": "Stone"},
            "address": {"address1": "1 Quay", "address2": "", "city": "Port", "country": "NL",
                        "state": "ZH", "zip": "10001"},
            "email": "Ada.Stone@post.test",
            "payment_methods": {
              "gift_card_1": {"source": "gift_card", "balance": 40, "id": "gift_card_1"},
              "gift_card_2": {"source": "gift_card", "balance": 5.5, "id": "gift_card_2"},
              "paypal_1": {"source": "paypal", "id": "paypal_1"},
              "credit_card_1": {"source": "credit_card", "id": "credit_card_1"}},
            "orders": ["#W1", "#W2", "#W3", "#W4", "#W5", "#W7", "#W8", "#W9"]},
           "ben": {
            "name": {"first_name": "ada", "last_name": "STONE"},
            "address": {"address1": "2 Quay", "address2": "", "city": "Port", "country": "NL",
                        "state": "ZH", "zip": "20002"},
            "email": "ben@post.test",
            "payment_methods": {"credit_card_9": {"source": "credit_card", "id": "credit_card_9"}},
            "orders": ["#W6"]}}
          """);

  static final ObjectNode PRODUCTS =
      object(
          """
          {"P2": {"name": "Lamp", "product_id": "P2", "variants": {
             "L1": {"item_id": "L1", "options": {"tone": "warm"}, "available": true, "price": 20.1},
             "L2": {"item_id": "L2", "options": {"tone": "cool"}, "available": true,
                    "price": 20.31}}},
           "P1": {"name": "Café set", "product_id": "P1", "variants": {
             "C1": {"item_id": "C1", "options": {"size": "S"}, "available": true, "price": 10.0},
             "C2": {"item_id": "C2", "options": {"size": "M"}, "available": true, "price": 14.0},
             "C3": {"item_id": "C3", "options": {"size": "L"}, "available": false, "price": 16.0},
             "C4": {"item_id": "C4", "options": {"size": "X"}, "available": true, "price": 900.0}}}}
          """);

  static final ObjectNode ORDERS =
      object(
          """
          {"#W1": {"order_id": "#W1", "user_id": "ada", "address": {"zip": "10001"}, "items": [
             {"name": "Café set", "product_id": "P1", "item_id": "C1", "price": 10.0,
              "options": {"size": "S"}},
             {"name": "Café set", "product_id": "P1", "item_id": "C1", "price": 10.0,
              "options": {"size": "S"}},
             {"name": "Lamp", "product_id": "P2", "item_id": "L1", "price": 20.1,
              "options": {"tone": "warm"}}],
            "fulfillments": [], "status": "pending", "payment_history": [
             {"transaction_type": "payment", "amount": 40.1, "payment_method_id": "paypal_1"}]},
           "#W2": {"order_id": "#W2", "user_id": "ada", "items": [
             {"name": "Lamp", "product_id": "P2", "item_id": "L1", "price": 20.1,
              "options": {"tone": "warm"}}],
            "status": "pending", "payment_history": [
             {"transaction_type": "payment", "amount": 20.1, "payment_method_id": "gift_card_1"}]},
           "#W3": {"order_id": "#W3", "user_id": "ada", "items": [
             {"name": "Café set", "product_id": "P1", "item_id": "C2", "price": 14.0,
              "options": {"size": "M"}},
             {"name": "Lamp", "product_id": "P2", "item_id": "L2", "price": 20.31,
              "options": {"tone": "cool"}}],
            "status": "delivered", "payment_history": [
             {"transaction_type": "payment", "amount": 34.31, "payment_method_id": "paypal_1"}]},
           "#W4": {"order_id": "#W4", "user_id": "ada", "items": [], "status": "processed",
            "payment_history": []},
           "#W5": {"order_id": "#W5", "user_id": "ada", "items": [], "status": "pending",
            "payment_history": [
             {"transaction_type": "payment", "amount": 9.995, "payment_method_id": "gift_card_2"},
             {"transaction_type": "refund", "amount": 1, "payment_method_id": "gift_card_1"},
             {"transaction_type": "payment", "amount": 2.5, "payment_method_id": "paypal_1"}]},
           "#W7": {"order_id": "#W7", "user_id": "ada", "items": [], "status": "pending",
            "payment_history": [
             {"transaction_type": "payment", "amount": 40, "payment_method_id": "paypal_1"}]},
           "#W8": {"order_id": "#W8", "user_id": "ada", "items": [], "status": "pending",
            "payment_history": [
             {"transaction_type": "payment", "amount": 3.25, "payment_method_id": "gift_card_1"}]},
           "#W9": {"order_id": "#W9", "user_id": "ada", "items": [
             {"name": "Lamp", "product_id": "P2", "item_id": "L2", "price": 20.31,
              "options": {"tone": "cool"}}],
            "status": "pending", "payment_history": [
             {"transaction_type": "payment", "amount": 20.31, "payment_method_id": "paypal_1"}]},
           "#W6": {"order_id": "#W6", "user_id": "ben", "items": [], "status": "pending",
            "payment_history": [
             {"transaction_type": "refund", "amount": 3.0, "payment_method_id": "credit_card_9"}]}}
          """);

  static final RetailBase BASE = RetailBase.of(ORDERS, USERS, PRODUCTS);

  final RetailDatabase database;
  final RetailWorld world;
  private final AtomicInteger calls = new AtomicInteger();

  SmallShop(Path directory) {
    database = RetailDatabase.open(directory.resolve("world.db"), Clock.fixed(NOW, ZoneOffset.UTC));
    world = new RetailWorld(BASE, database, "small");
  }

  static ObjectNode object(String json) {
    return (ObjectNode) json(json);
  }

  static JsonNode json(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("not JSON: " + json, malformed);
    }
  }

  RetailCall nextCall(String tool, String arguments) {
    return new RetailCall("call-" + calls.incrementAndGet(), tool, arguments);
  }

  String answer(String tool, String arguments) {
    return world.execute(nextCall(tool, arguments));
  }

  JsonNode order(String id) {
    return json(answer("get_order_details", "{\"order_id\": \"" + id + "\"}"));
  }

  JsonNode user(String id) {
    return json(answer("get_user_details", "{\"user_id\": \"" + id + "\"}"));
  }

  double balance(String card) {
    return user("ada").path("payment_methods").path(card).path("balance").doubleValue();
  }

  @Override
  public void close() {
    database.close();
  }
}
