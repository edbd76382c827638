package dev.holdfast.examples;

import dev.holdfast.agents.Agent;
import dev.holdfast.agents.Budget;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.time.Duration;

/** An agent whose tools say what a repeat of them would do. */
final class HelloAgent {
  private HelloAgent() {}

  // snippet: agent
  static final class Orders {
    @Tool("Finds the price of an order, in cents.")
    @Effect(Contract.READ)
    long priceOf(String orderId) {
      return 4_900;
    }

    @Tool("Pays an amount back, in cents.")
    @Effect(Contract.KEYED) // the key is ours and the same on every attempt; no model sees it
    String refund(IdempotencyKey key, String orderId, long cents) {
      return "refunded " + cents + " of order " + orderId;
    }
  }

  static Outcome<String> answer(Path store, ChatModel model, String ticket, String question) {
    var support =
        Agent.named("support")
            .model(model)
            .instructions("You help customers with their orders.")
            .tools(new Orders())
            .budget(Budget.steps(20))
            .build();
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(support);
      return holdfast.start(support, ticket, question).await(Duration.ofMinutes(2));
    }
  }
  // end: agent
}
