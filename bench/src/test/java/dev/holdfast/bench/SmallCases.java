package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A made-up shop with one customer and two orders, and made-up recordings of talks with it. */
final class SmallCases {
  /** The hash of a world in which nothing differs from the base. */
  static final String UNCHANGED = hash("{}");

  /** The hash once order #W1 is cancelled; the text is written here by hand, keys sorted. */
  static final String CANCELLED =
      hash(
          """
          {"orders":{"#W1":{"cancel_reason":"no longer needed","items":[],"order_id":"#W1",\
          "payment_history":[{"amount":40.1,"payment_method_id":"paypal_1",\
          "transaction_type":"payment"},{"amount":40.1,"payment_method_id":"paypal_1",\
          "transaction_type":"refund"}],"status":"cancelled","user_id":"ada"}}}\
          """);

  private static final String CANCELLED_ORDER =
      """
      {"order_id": "#W1", "user_id": "ada", "items": [], "status": "cancelled", \
      "payment_history": [{"transaction_type": "payment", "amount": 40.1, \
      "payment_method_id": "paypal_1"}, {"transaction_type": "refund", "amount": 40.1, \
      "payment_method_id": "paypal_1"}], "cancel_reason": "no longer needed"}\
      """;

  private final Path folder;
  private final List<String> runs = new ArrayList<>();
  private final List<String> expectations = new ArrayList<>();

  SmallCases(Path folder) {
    this.folder = folder;
    write("orders.json", "{\"#W1\": %s, \"#W2\": %s}".formatted(order("#W1"), order("#W2")));
    write("products.json", "{}");
    write(
        "users.json",
        """
        {"ada": {"name": {"first_name": "Ada", "last_name": "Stone"}, "email": "ada@post.test",
          "address": {"zip": "10001"}, "orders": ["#W1", "#W2"],
          "payment_methods": {"paypal_1": {"source": "paypal", "id": "paypal_1"}}}}
        """);
  }

  private static String order(String id) {
    return """
    {"order_id": "%s", "user_id": "ada", "items": [], "status": "pending", "payment_history": \
    [{"transaction_type": "payment", "amount": 40.1, "payment_method_id": "paypal_1"}]}\
    """
        .formatted(id);
  }

  private static String hash(String canonical) {
    try {
      byte[] text = canonical.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Two calls, the second of which changes the shop. */
  SmallCases cancelling(String stateHash) {
    return run(
        "cancels",
        stateHash,
        said("system", "Be kind."),
        said("user", "Hello, cancel #W1."),
        called("a1", "find_user_id_by_email", "{\"email\": \"ada@post.test\"}", false),
        answered("a1", "find_user_id_by_email", "ada"),
        said("assistant", "Shall I?"),
        said("user", "Yes."),
        called(
            "a2",
            "cancel_pending_order",
            "{\"order_id\": \"#W1\", \"reason\": \"no longer needed\"}",
            false),
        answered("a2", "cancel_pending_order", CANCELLED_ORDER),
        said("assistant", "Done."),
        said("user", "Thanks ###STOP###"));
  }

  /** Arguments that do not fit, a tool that does not exist, an injected call, a transfer. */
  SmallCases erring() {
    return run(
        "errs",
        UNCHANGED,
        said("user", "Hello."),
        called("b1", "cancel_pending_order", "{\"order_id\": \"#W1\"}", false),
        answered("b1", "cancel_pending_order", "Error: missing 1 required argument"),
        called("b2", "fly", "{}", false),
        answered("b2", "fly", "Unknown action fly"),
        called("b3", "think", "this is no JSON", true),
        answered("b3", "think", ""),
        called(
            "b4", "cancel_pending_order", "{\"order_id\": \"#W1\", \"reason\": \"bored\"}", false),
        answered("b4", "cancel_pending_order", "Error: invalid reason"),
        called("b5", "transfer_to_human_agents", "{\"summary\": \"trouble\"}", false),
        answered("b5", "transfer_to_human_agents", "Transfer successful"));
  }

  /** A recording that ends behind a tool's result; its two calls have the same id. */
  SmallCases cutOff() {
    return run(
        "cut-off",
        UNCHANGED,
        said("user", "How much?"),
        called("c1", "calculate", "{\"expression\": \"2 * 3\"}", false),
        answered("c1", "calculate", "6.0"),
        called("c1", "calculate", "{\"expression\": \"2 * 4\"}", false),
        answered("c1", "calculate", "8"));
  }

  SmallCases run(String id, String stateHash, String... messages) {
    runs.add("{\"id\": \"%s\", \"messages\": [%s]}".formatted(id, String.join(", ", messages)));
    expectations.add(
        "{\"id\": \"%s\", \"effects\": [], \"final_state_hash\": \"%s\"}".formatted(id, stateHash));
    return this;
  }

  static String said(String role, String text) {
    return "{\"role\": \"%s\", \"content\": \"%s\"}".formatted(role, text);
  }

  static String called(String id, String tool, String arguments, boolean injected) {
    return """
    {"role": "assistant", "content": null, "tool_calls": [{"id": "%s", "name": "%s", \
    "arguments": "%s", "injected_by_harness": %b}]}\
    """
        .formatted(id, tool, arguments.replace("\"", "\\\""), injected);
  }

  static String answered(String id, String tool, String text) {
    return """
    {"role": "tool", "tool_call_id": "%s", "name": "%s", "content": "%s"}\
    """
        .formatted(id, tool, text.replace("\"", "\\\""));
  }

  /** Writes the recordings and returns the folder, which holds the world too. */
  Path write() {
    write("trajectories.small.jsonl", String.join("\n", runs));
    write("expected.small.jsonl", String.join("\n", expectations));
    return folder;
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
