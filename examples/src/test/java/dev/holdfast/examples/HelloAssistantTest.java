package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloAssistantTest {
  private final Map<Object, ChatMemory> memories = new ConcurrentHashMap<>();

  private ChatMemory memory(Object customer) {
    return memories.computeIfAbsent(
        customer, id -> MessageWindowChatMemory.builder().id(id).maxMessages(20).build());
  }

  private static ScriptedModel booking() {
    return ScriptedModel.of(
        Reply.call("findFlights", "{\"from\":\"Berlin\",\"to\":\"Rome\"}"),
        Reply.call("book", "{\"flight\":\"LH1\"}"),
        Reply.text("You fly at 8:00."));
  }

  @Test
  void booksAsBefore() {
    assertThat(HelloAssistant.plain(booking(), this::memory)).isEqualTo("You fly at 8:00.");
  }

  @Test
  void booksOnceForEachRunAndRemembersIt(@TempDir Path directory) {
    Path store = directory.resolve("assistant.db");
    ScriptedModel model = booking();
    assertThat(HelloAssistant.durable(store, model, this::memory)).isEqualTo("You fly at 8:00.");
    assertThat(HelloAssistant.durable(store, model, this::memory)).isEqualTo("You fly at 8:00.");
    assertThat(model.requests()).hasSize(3);
    assertThat(memory("customer-9").messages()).hasSize(6);
  }
}
