package dev.holdfast.agents;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import java.util.List;

/** LangChain4j's messages in a form that can be journaled and compared. */
final class Messages {
  private Messages() {}

  /** The message as JSON with sorted keys; equal messages have equal texts. */
  static String write(ChatMessage message) {
    try {
      return Json.write(Json.read(ChatMessageSerializer.messageToJson(message)));
    } catch (Json.Malformed e) {
      throw new IllegalStateException("LangChain4j wrote a message that is no JSON.", e);
    }
  }

  static List<String> write(List<ChatMessage> messages) {
    return messages.stream().map(Messages::write).toList();
  }

  static ChatMessage read(String json) {
    return ChatMessageDeserializer.messageFromJson(json);
  }

  static List<ChatMessage> read(List<String> texts) {
    return texts.stream().map(Messages::read).toList();
  }

  /** The digest of messages in their order. */
  static String digest(List<String> texts) {
    return Json.digest(String.join("\n", texts));
  }
}
