package dev.holdfast.examples;

import dev.holdfast.agents.Durable;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;

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

  private static ChatMemory memory(ChatMemoryStore memories, Object customer) {
    return MessageWindowChatMemory.builder()
        .id(customer)
        .maxMessages(100)
        .chatMemoryStore(memories)
        .build();
  }
}
