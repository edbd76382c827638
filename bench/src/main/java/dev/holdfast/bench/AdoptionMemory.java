package dev.holdfast.bench;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** LangChain4j's chat memories in files; a process can die before and after each write. */
record AdoptionMemory(AdoptionFiles files, AdoptionLife life) implements ChatMemoryStore {
  private static final int MESSAGES_MAX = 100;

  /** A provider of windows that are longer than any conversation here. */
  ChatMemoryProvider provider(String suffix) {
    return id ->
        MessageWindowChatMemory.builder()
            .id(id + suffix)
            .maxMessages(MESSAGES_MAX)
            .chatMemoryStore(this)
            .build();
  }

  @Override
  public List<ChatMessage> getMessages(Object id) {
    return files
        .read(id.toString())
        .map(ChatMessageDeserializer::messagesFromJson)
        .orElse(List.of());
  }

  @Override
  public void updateMessages(Object id, List<ChatMessage> messages) {
    life.touch("before a memory write");
    files.write(id.toString(), ChatMessageSerializer.messagesToJson(messages));
    life.touch("after a memory write");
  }

  @Override
  public void deleteMessages(Object id) {
    files.delete(id.toString());
  }

  /** What the files hold, in words, by file. */
  static Map<String, List<String>> said(AdoptionFiles files) {
    return files.all().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                file ->
                    ChatMessageDeserializer.messagesFromJson(file.getValue()).stream()
                        .map(AdoptionMemory::words)
                        .toList()));
  }

  private static String words(ChatMessage message) {
    return switch (message) {
      case UserMessage user -> "user: " + user.singleText();
      case AiMessage reply -> "model: %s %s".formatted(reply.text(), reply.toolExecutionRequests());
      case ToolExecutionResultMessage result -> "%s: %s".formatted(result.id(), result.text());
      default -> message.toString();
    };
  }
}
