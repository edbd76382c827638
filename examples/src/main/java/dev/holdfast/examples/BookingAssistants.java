package dev.holdfast.examples;

import dev.holdfast.agents.Durable;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.Map;

/** The booking assistant, plain and durable: one word is different. */
final class BookingAssistants {
  private BookingAssistants() {}

  // snippet: booking-plain
  static BookingAssistant plain(ChatModel model, TravelWorld world, ChatMemoryStore memories) {
    return AiServices.builder(BookingAssistant.class)
        .chatModel(model)
        .tools(new PlainBookingTools(world))
        .chatMemoryProvider(customer -> memory(memories, customer))
        .build();
  }

  // end: booking-plain

  // snippet: booking-durable
  static BookingAssistant durable(ChatModel model, TravelWorld world, ChatMemoryStore memories) {
    return Durable.aiServices(BookingAssistant.class)
        .chatModel(model)
        .tools(new BookingTools(world))
        .chatMemoryProvider(customer -> memory(memories, customer))
        .build();
  }

  // end: booking-durable

  /** The plain one with its tools given one by one. */
  static BookingAssistant plain(
      ChatModel model, Map<ToolSpecification, ToolExecutor> tools, ChatMemoryStore memories) {
    return AiServices.builder(BookingAssistant.class)
        .chatModel(model)
        .tools(tools)
        .chatMemoryProvider(customer -> memory(memories, customer))
        .build();
  }

  private static ChatMemory memory(ChatMemoryStore memories, Object customer) {
    return MessageWindowChatMemory.builder()
        .id(customer)
        .maxMessages(100)
        .chatMemoryStore(memories)
        .build();
  }
}
