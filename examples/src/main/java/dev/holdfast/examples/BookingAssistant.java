package dev.holdfast.examples;

import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.UserMessage;

/** A travel agent to chat with, as a team has it in LangChain4j. */
public interface BookingAssistant {
  /** Answers a customer, whose earlier conversation it remembers. */
  @SystemMessage(
      """
      You book flights. Search flights and hotel rooms, hold a seat on the earliest flight, pay for
      the booking, send the confirmation, each once, and then say in one sentence what you did.
      If a payment is refused, send no confirmation and say why.
      """)
  String chat(@MemoryId String customer, @UserMessage String message);
}
