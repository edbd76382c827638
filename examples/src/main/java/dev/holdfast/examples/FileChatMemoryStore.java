package dev.holdfast.examples;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Chat memories that survive a restart: one JSON file for each customer. */
final class FileChatMemoryStore implements ChatMemoryStore {
  private final Path folder;

  FileChatMemoryStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  @Override
  public List<ChatMessage> getMessages(Object customer) {
    Path file = file(customer);
    try {
      return Files.exists(file)
          ? ChatMessageDeserializer.messagesFromJson(Files.readString(file))
          : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Replaces the file in one move, so that no crash leaves half a conversation. */
  @Override
  public void updateMessages(Object customer, List<ChatMessage> messages) {
    try {
      Path written = Files.createTempFile(folder, "memory", ".new");
      Files.writeString(written, ChatMessageSerializer.messagesToJson(messages));
      Files.move(written, file(customer), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  @Override
  public void deleteMessages(Object customer) {
    try {
      Files.deleteIfExists(file(customer));
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }

  private Path file(Object customer) {
    String name = URLEncoder.encode(customer.toString(), StandardCharsets.UTF_8);
    return folder.resolve(name + ".json");
  }
}
