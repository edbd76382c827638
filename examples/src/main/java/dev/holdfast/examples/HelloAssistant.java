package dev.holdfast.examples;

import dev.holdfast.agents.Durable;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.store.Holdfast;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.UserMessage;
import java.nio.file.Path;

/** A LangChain4j assistant that books, before and after it was made durable. */
final class HelloAssistant {
  private HelloAssistant() {}

  // snippet: assistant
  public interface Assistant {
    String chat(@MemoryId String customer, @UserMessage String message);
  }

  // end: assistant

  /** What the assistant can do, before. */
  // snippet: tools-before
  static final class Flights {
    @Tool("Finds flights between two cities.")
    String findFlights(String from, String to) {
      return "LH1 at 8:00, LH2 at 12:00";
    }

    @Tool("Books a flight.")
    String book(String flight) {
      return "booked " + flight;
    }
  }

  // end: tools-before

  // snippet: before
  static String plain(ChatModel model, ChatMemoryProvider memories) {
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(model)
            .tools(new Flights())
            .chatMemoryProvider(memories)
            .build();
    return assistant.chat("customer-9", "Book the early one.");
  }

  // end: before

  // snippet: after
  static String durable(Path store, ChatModel model, ChatMemoryProvider memories) {
    Assistant assistant =
        Durable.aiServices(Assistant.class) // was: AiServices.builder(Assistant.class)
            .chatModel(model)
            .tools(new KeyedFlights())
            .chatMemoryProvider(memories)
            .build();
    try (var holdfast = Holdfast.open(store)) {
      var assistants = holdfast.register("assistant", Assistant.class, assistant);
      return assistants.run("order-4711", a -> a.chat("customer-9", "Book the early one."));
    }
  }

  // end: after

  /** What the assistant can do, after. */
  // snippet: tools-after
  static final class KeyedFlights {
    @Effect(Contract.READ)
    @Tool("Finds flights between two cities.")
    String findFlights(String from, String to) {
      return "LH1 at 8:00, LH2 at 12:00";
    }

    @Effect(Contract.KEYED) // the airline books once for each key
    @Tool("Books a flight.")
    String book(String flight, IdempotencyKey key) {
      return "booked " + flight;
    }
  }
  // end: tools-after
}
