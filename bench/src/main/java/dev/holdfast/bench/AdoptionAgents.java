package dev.holdfast.bench;

import dev.holdfast.agents.Durable;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;

/** The desk in three forms: LangChain4j's agent, the same one durable, and a sequence of agents. */
final class AdoptionAgents {
  private AdoptionAgents() {}

  /** Public, as all of these, since libraries call it. */
  public interface Desk {
    /** Settles the order that the message names. */
    String chat(@MemoryId String customer, @UserMessage String message);
  }

  /** The sequence as a whole. */
  public interface Sequence {
    /** Settles the order that the request names. */
    @Agent
    String settle(@MemoryId String customer, @V("request") String request);
  }

  /** Its first agent. */
  public interface Finder {
    /** Looks the order up. */
    @UserMessage("{{request}}: look it up.")
    @Agent(description = "Looks an order up", outputKey = "found")
    String find(@MemoryId String customer, @V("request") String request);
  }

  /** Its second. */
  public interface Cashier {
    /** Charges the customer's card. */
    @UserMessage("{{request}}: charge the card. What was found: {{found}}")
    @Agent(description = "Charges cards", outputKey = "charged")
    String charge(
        @MemoryId String customer, @V("request") String request, @V("found") String found);
  }

  /** Its third. */
  public interface Clerk {
    /** Writes to the customer. */
    @UserMessage("{{request}}: write to the customer. What was charged: {{charged}}")
    @Agent(description = "Writes letters", outputKey = "written")
    String write(
        @MemoryId String customer, @V("request") String request, @V("charged") String charged);
  }

  static Desk plain(AdoptionLife life, AdoptionBooks books, AdoptionMemory memory) {
    return AiServices.builder(Desk.class)
        .chatModel(new AdoptionModel(life))
        .tools(
            new AdoptionTools.OrderBook(life),
            new AdoptionTools.PlainTill(life, books),
            new AdoptionTools.PostOffice(life, books))
        .chatMemoryProvider(memory.provider(""))
        .build();
  }

  static Desk durable(AdoptionLife life, AdoptionBooks books, AdoptionMemory memory) {
    return Durable.aiServices(Desk.class)
        .chatModel(new AdoptionModel(life))
        .tools(
            new AdoptionTools.OrderBook(life),
            new AdoptionTools.KeyedTill(life, books),
            new AdoptionTools.PostOffice(life, books))
        .chatMemoryProvider(memory.provider(""))
        .build();
  }

  /** One agent for each step, which is where its recovery can begin again. */
  static Sequence agentic(
      AdoptionLife life, AdoptionBooks books, AdoptionMemory memory, AdoptionScopes scopes) {
    AgenticScopePersister.setStore(scopes);
    return AgenticServices.sequenceBuilder(Sequence.class)
        .subAgents(
            agent(Finder.class, life, memory, new AdoptionTools.OrderBook(life)),
            agent(Cashier.class, life, memory, new AdoptionTools.PlainTill(life, books)),
            agent(Clerk.class, life, memory, new AdoptionTools.PostOffice(life, books)))
        .outputKey("written")
        .build();
  }

  private static <T> T agent(
      Class<T> type, AdoptionLife life, AdoptionMemory memory, Object tools) {
    return AgenticServices.agentBuilder(type)
        .chatModel(new AdoptionModel(life))
        .chatMemoryProvider(memory.provider("-" + type.getSimpleName()))
        .tools(tools)
        .build();
  }
}
