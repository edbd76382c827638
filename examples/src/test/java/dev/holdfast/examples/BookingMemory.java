package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The conversation with a customer, as it was written down. */
record BookingMemory(List<ChatMessage> messages) {
  static BookingMemory of(Path folder, String customer) throws IOException {
    return new BookingMemory(
        new FileChatMemoryStore(folder.resolve("memory")).getMessages(customer));
  }

  /** Each question is there once and answered, and each tool call has its result behind it. */
  void checkWhole(int questions) {
    Set<String> open = new HashSet<>();
    messages.forEach(message -> check(message, open));
    assertThat(open).isEmpty();
    assertThat(messages).filteredOn(UserMessage.class::isInstance).hasSize(questions);
    assertThat(messages.getLast())
        .isInstanceOfSatisfying(AiMessage.class, reply -> assertThat(reply.text()).isNotEmpty());
  }

  private static void check(ChatMessage message, Set<String> open) {
    if (message instanceof ToolExecutionResultMessage result) {
      assertThat(open.remove(result.id())).as("a call for %s", result).isTrue();
      return;
    }
    assertThat(open).as("calls without a result before %s", message).isEmpty();
    if (message instanceof AiMessage reply) {
      reply.toolExecutionRequests().stream().map(ToolExecutionRequest::id).forEach(open::add);
    }
  }
}
