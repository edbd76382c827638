package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import dev.holdfast.gauntlet.Scenario;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The same agent as most are written: a loop in memory that tries again when a call fails, and
 * begins again when its process does.
 */
final class NaiveDesk {
  private static final int ATTEMPTS_MAX = 3;
  private static final int TURNS_MAX = 50;
  static final String CHAT = "chat";

  private final ObjectMapper json = new ObjectMapper();
  private final OrderWorld world;
  private final DataSource stock;
  private final Scenario.Calls calls;

  /**
   * A desk over that world and stock.
   *
   * @param calls through which it calls the model and its tools
   */
  NaiveDesk(OrderWorld world, DataSource stock, Scenario.Calls calls) {
    this.world = world;
    this.stock = stock;
    this.calls = calls;
  }

  void settle(ChatModel model, String orderId) throws Exception {
    var messages = new ArrayList<ChatMessage>();
    messages.add(UserMessage.from(OrderDesk.complaint(orderId)));
    AiMessage reply = ask(model, messages);
    for (int turn = 0; reply.hasToolExecutionRequests(); turn++) {
      if (turn > TURNS_MAX) {
        throw new IllegalStateException("The model asks for tools without end.");
      }
      messages.add(reply);
      for (ToolExecutionRequest request : reply.toolExecutionRequests()) {
        messages.add(ToolExecutionResultMessage.from(request, call(request)));
      }
      reply = ask(model, messages);
    }
  }

  private AiMessage ask(ChatModel model, List<ChatMessage> messages) throws Exception {
    RuntimeException last = new IllegalStateException("not tried yet");
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        return calls.call(CHAT, () -> model.chat(messages)).aiMessage();
      } catch (RuntimeException failed) {
        last = failed;
      } catch (IOException lost) {
        last = new UncheckedIOException(lost);
      }
    }
    throw last;
  }

  private String call(ToolExecutionRequest request) throws Exception {
    IOException last = new IOException("not tried yet");
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        return calls.call(request.name(), () -> perform(request));
      } catch (IOException lost) {
        last = lost;
      }
    }
    throw last;
  }

  private String perform(ToolExecutionRequest request) throws Exception {
    return json.writeValueAsString(perform(request.name(), json.readTree(request.arguments())));
  }

  private Object perform(String tool, JsonNode in) throws Exception {
    String order = in.path("orderId").asText();
    return switch (tool) {
      case "find_order" -> world.order(order);
      case "refund" ->
          world.refund(Optional.empty(), new RefundRequest(order, in.path("cents").asLong()));
      case "book_stock" -> book(in.path("item").asText(), in.path("quantity").asInt());
      case "write_to_customer" ->
          world.send(
              Optional.empty(), new Letter(in.path("to").asText(), in.path("text").asText()));
      case "book_pickup" -> world.pickUp(order);
      default -> throw new IllegalArgumentException("There is no tool " + tool + ".");
    };
  }

  private Object book(String item, int quantity) throws Exception {
    try (Connection connection = stock.getConnection()) {
      return Stock.book(connection, item, quantity);
    }
  }
}
