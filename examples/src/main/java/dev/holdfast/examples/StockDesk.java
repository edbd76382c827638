package dev.holdfast.examples;

import dev.holdfast.agents.Agent;
import dev.holdfast.agents.Contracts;
import dev.holdfast.agents.McpServer;
import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.time.Duration;

/** An agent whose tools are those of an MCP server in another process. */
final class StockDesk {
  private StockDesk() {}

  // snippet: mcp
  static Outcome<String> answer(Path store, ChatModel model, String order, String... command) {
    try (var stock =
            McpServer.named("stock")
                .process(command)
                .contracts(
                    Contracts.of("find*", Contract.READ)
                        .and("reserve", Contract.KEYED) // the server honours our key
                        .and("*", Contract.ONCE)) // of all else nobody knows: never repeated
                .timeout(Duration.ofSeconds(20))
                .build();
        var holdfast = Holdfast.open(store)) {
      var desk = Agent.named("stock-desk").model(model).tools(stock).build();
      holdfast.register(desk);
      return holdfast.start(desk, order, "Two lamps, please.").await(Duration.ofMinutes(2));
    }
  }
  // end: mcp
}
