package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The same agent as most are written: a loop in memory that tries again when a call fails, and
 * begins again when its process does.
 */
public final class NaiveDesk {
  private static final int ATTEMPTS_MAX = 3;

  private final ObjectMapper json = new ObjectMapper();
  private final WorldClient world;
  private final Path stock;

  private NaiveDesk(WorldClient world, Path stock) {
    this.world = world;
    this.stock = stock;
  }

  /** Takes the world's address, the stock database and the order. */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.endWithParent();
    var desk = new NaiveDesk(new WorldClient(arguments[0]), Path.of(arguments[1]));
    desk.settle(arguments[2]);
    System.exit(0);
  }

  private void settle(String orderId) throws Exception {
    var faultPoints = KillPoint.ofThisProcess(System.out);
    var model = OrderDesk.script(orderId);
    var messages = new ArrayList<ChatMessage>();
    messages.add(UserMessage.from(OrderDesk.complaint(orderId)));
    AiMessage reply = model.chat(messages).aiMessage();
    while (reply.hasToolExecutionRequests()) {
      messages.add(reply);
      for (ToolExecutionRequest request : reply.toolExecutionRequests()) {
        messages.add(ToolExecutionResultMessage.from(request, call(request)));
        var path = StepPath.ROOT.child("tool", request.name(), 0);
        faultPoints.reached(Boundary.AFTER_CALL, new RunId("naive-" + orderId), path);
      }
      reply = model.chat(messages).aiMessage();
    }
  }

  private String call(ToolExecutionRequest request) throws Exception {
    IOException last = new IOException("not tried yet");
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        return json.writeValueAsString(perform(request.name(), json.readTree(request.arguments())));
      } catch (IOException lost) {
        last = lost;
      }
    }
    throw last;
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
    try (Connection connection = Stock.source(stock).getConnection()) {
      return Stock.book(connection, item, quantity);
    }
  }
}
