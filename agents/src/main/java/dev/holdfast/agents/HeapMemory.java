package dev.holdfast.agents;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Optional;
import java.util.Set;

/** Knows the chat memories that live in the heap only, and are empty after a restart. */
final class HeapMemory {
  private static final Set<String> STORES =
      Set.of(
          "dev.langchain4j.store.memory.chat.InMemoryChatMemoryStore",
          "dev.langchain4j.memory.chat.SingleSlotChatMemoryStore");

  private HeapMemory() {}

  /** Whether the memory's messages end with the process. */
  static boolean holds(ChatMemory memory) {
    return store(memory).filter(STORES::contains).isPresent();
  }

  /** The class that keeps the messages; LangChain4j's own memories do not show it. */
  private static Optional<String> store(ChatMemory memory) {
    if (!(memory instanceof MessageWindowChatMemory)
        && !(memory instanceof TokenWindowChatMemory)) {
      return Optional.empty();
    }
    try {
      Field field = memory.getClass().getDeclaredField("store");
      field.setAccessible(true);
      return Optional.ofNullable(field.get(memory)).map(store -> store.getClass().getName());
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return Optional.empty(); // then an empty memory counts as somebody's change
    }
  }
}
