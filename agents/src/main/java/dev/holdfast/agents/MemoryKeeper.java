package dev.holdfast.agents;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.service.memory.ChatMemoryService;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The chat memories of an adopted agent: within a run LangChain4j gets a copy that nobody else
 * sees, outside of one the memory itself.
 */
final class MemoryKeeper extends ChatMemoryService {
  private final ChatMemoryService memories;
  private final Turnstile turns = new Turnstile();
  private final Set<Object> seen = ConcurrentHashMap.newKeySet();

  MemoryKeeper(ChatMemoryService memories) {
    super(id -> {
      throw new IllegalStateException("Every memory is another service's.");
    });
    this.memories = memories;
  }

  @Override
  public ChatMemory getOrCreateChatMemory(Object id) {
    return AdoptedCall.current()
        .<ChatMemory>map(call -> call.memory(this, id))
        .orElseGet(() -> memory(id));
  }

  /** The user's memory. */
  ChatMemory memory(Object id) {
    return memories.getOrCreateChatMemory(id);
  }

  /** Who may use which memory. */
  Turnstile turns() {
    return turns;
  }

  /** Notes that a call of this process came to the memory with that key. */
  void see(Object key) {
    seen.add(key);
  }

  /** Whether one did. */
  boolean hasSeen(Object key) {
    return seen.contains(key);
  }

  @Override
  public @Nullable ChatMemory getChatMemory(Object id) {
    return memories.getChatMemory(id);
  }

  @Override
  public @Nullable ChatMemory evictChatMemory(Object id) {
    return memories.evictChatMemory(id);
  }

  @Override
  public void clearAll() {
    memories.clearAll();
  }

  @Override
  public Collection<Object> getChatMemoryIDs() {
    return memories.getChatMemoryIDs();
  }

  @Override
  public Collection<ChatMemory> getChatMemories() {
    return memories.getChatMemories();
  }
}
