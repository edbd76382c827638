package dev.holdfast.agents;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** LangChain4j agents as the tests of their durable form use them. */
final class Desks {
  private Desks() {}

  /** Public, since the store calls it. */
  public interface Desk {
    String chat(String message);
  }

  interface Remembering {
    String chat(@MemoryId String customer, @dev.langchain4j.service.UserMessage String message);
  }

  /** A workflow that makes one call of an agent. */
  static Workflow<String, String> calling(Function<String, String> call) {
    return calling("desk", call);
  }

  static Workflow<String, String> calling(String name, Function<String, String> call) {
    return Workflow.of(name, String.class, String.class)
        .body((run, message) -> call.apply(message));
  }

  static Outcome<String> run(Bench bench, Desk desk, String message) {
    return bench.run(calling(desk::chat), message);
  }

  static Outcome<String> run(Bench bench, Remembering desk, String id, String message) {
    var workflow = calling("desk of " + id, text -> desk.chat("ann", text));
    return bench.start(workflow, id, message).await(Bench.DEADLINE);
  }

  /** A database of messages outside the runtime; what it holds are texts, as in a real one. */
  static class Store implements ChatMemoryStore {
    final Map<Object, String> rows = new ConcurrentHashMap<>();
    final List<String> written = new CopyOnWriteArrayList<>();

    @Override
    public List<ChatMessage> getMessages(Object id) {
      String row = rows.get(id);
      return row == null ? List.of() : ChatMessageDeserializer.messagesFromJson(row);
    }

    @Override
    public void updateMessages(Object id, List<ChatMessage> messages) {
      String row = ChatMessageSerializer.messagesToJson(messages);
      rows.put(id, row);
      written.add(row);
    }

    @Override
    public void deleteMessages(Object id) {
      rows.remove(id);
      written.add("");
    }

    List<String> texts(Object id) {
      return getMessages(id).stream().map(Store::text).toList();
    }

    private static String text(ChatMessage message) {
      return switch (message) {
        case UserMessage user -> "user: " + user.singleText();
        case AiMessage reply when reply.hasToolExecutionRequests() ->
            "calls: " + reply.toolExecutionRequests().size();
        case AiMessage reply -> "reply: " + reply.text();
        default -> message.type().name();
      };
    }

    ChatMemoryProvider window(int messagesMax) {
      return id ->
          MessageWindowChatMemory.builder()
              .id(id)
              .maxMessages(messagesMax)
              .chatMemoryStore(this)
              .build();
    }
  }
}
