package dev.holdfast.agents;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.memory.ChatMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chat memory as one call of an agent sees it: what was there, and what the call adds.
 *
 * <p>Nothing falls out of it while the call goes on, so that a window does not lose the question
 * that is being answered. It belongs to the thread of the call.
 */
final class Overlay implements ChatMemory {
  private final Object id;
  private final List<ChatMessage> messages;

  Overlay(Object id, List<ChatMessage> before) {
    this.id = id;
    this.messages = new ArrayList<>(before);
  }

  @Override
  public Object id() {
    return id;
  }

  /** Adds a message; there is one system message, the latest, and it comes first. */
  @Override
  public void add(ChatMessage message) {
    if (message instanceof SystemMessage) {
      Optional<SystemMessage> present = SystemMessage.findFirst(messages);
      if (present.isPresent() && present.get().equals(message)) {
        return;
      }
      messages.removeIf(SystemMessage.class::isInstance);
      messages.addFirst(message);
    } else {
      messages.add(message);
    }
  }

  @Override
  public List<ChatMessage> messages() {
    return new ArrayList<>(messages);
  }

  @Override
  public void clear() {
    messages.clear();
  }
}
