package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The shop as every world starts: orders, users and products, in the order of their files. Loaded
 * once, shared by all worlds, never changed; safe for use by many threads.
 */
public final class RetailBase {
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode orders;
  private final ObjectNode users;
  private final ObjectNode products;
  private final Map<String, List<String>> usersByEmail;
  private final Map<String, List<String>> usersByName;

  private RetailBase(ObjectNode orders, ObjectNode users, ObjectNode products) {
    this.orders = orders;
    this.users = users;
    this.products = products;
    this.usersByEmail = index(users, user -> folded(user.path("email").asText()));
    this.usersByName = index(users, user -> nameKey(user.path("name")));
  }

  /**
   * Reads {@code orders.json}, {@code users.json} and {@code products.json} from a folder or from
   * its folder {@code db}.
   *
   * @throws IllegalArgumentException if a file is missing or is no JSON object of objects
   */
  public static RetailBase load(Path folder) {
    Path inner = folder.resolve("db");
    Path home = Files.isDirectory(inner) ? inner : folder;
    return of(read(home, "orders"), read(home, "users"), read(home, "products"));
  }

  /** A shop without orders, users and products. */
  public static RetailBase empty() {
    return of(JSON.createObjectNode(), JSON.createObjectNode(), JSON.createObjectNode());
  }

  static RetailBase of(ObjectNode orders, ObjectNode users, ObjectNode products) {
    return new RetailBase(orders.deepCopy(), users.deepCopy(), products.deepCopy());
  }

  private static ObjectNode read(Path home, String name) {
    Path file = home.resolve(name + ".json");
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          """
          The world has no file %s. \
          Name the folder that holds orders.json, users.json and products.json, or its parent.\
          """
              .formatted(file));
    }
    try {
      if (JSON.readTree(file.toFile()) instanceof ObjectNode table && allObjects(table)) {
        return table;
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("The world's file " + file + " is unreadable.", unreadable);
    }
    throw new IllegalArgumentException(
        "The world's file %s should be one JSON object: id to record.".formatted(file));
  }

  private static boolean allObjects(ObjectNode table) {
    boolean objects = true;
    for (JsonNode element : table) {
      objects &= element.isObject();
    }
    return objects;
  }

  private interface Key {
    String of(JsonNode user);
  }

  private static Map<String, List<String>> index(ObjectNode users, Key key) {
    Map<String, List<String>> ids = new HashMap<>();
    users
        .properties()
        .forEach(user ->
            ids.computeIfAbsent(key.of(user.getValue()), unused -> new ArrayList<>())
                .add(user.getKey()));
    return ids;
  }

  private static String nameKey(JsonNode name) {
    return nameKey(name.path("first_name").asText(), name.path("last_name").asText());
  }

  private static String nameKey(String first, String last) {
    return folded(first) + '\n' + folded(last);
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The record as it was at the start; callers must not change it. */
  Optional<ObjectNode> record(RetailTable table, String id) {
    return Optional.ofNullable((ObjectNode) records(table).get(id));
  }

  private ObjectNode records(RetailTable table) {
    return switch (table) {
      case ORDERS -> orders;
      case USERS -> users;
    };
  }

  /** The product under this id; callers must not change it. */
  Optional<JsonNode> product(String id) {
    return Optional.ofNullable(products.get(id));
  }

  /** All products by id; callers must not change them. */
  ObjectNode products() {
    return products;
  }

  /** The users with this e-mail address, ignoring case, first of the file first. */
  List<String> usersWithEmail(String email) {
    return usersByEmail.getOrDefault(folded(email), List.of());
  }

  /** The users with this name, ignoring case, first of the file first. */
  List<String> usersNamed(String first, String last) {
    return usersByName.getOrDefault(nameKey(first, last), List.of());
  }
}
