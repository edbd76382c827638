package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.Desks.Desk;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.memory.ChatMemoryService;
import dev.langchain4j.service.tool.ToolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What {@link Decoration} relies on, which LangChain4j does not promise.
 *
 * <p>Where one of these fails after an upgrade, look how {@code DefaultAiServices} finds that part
 * now, and change {@link Decoration}; until then stay on the version before. Without it calls would
 * go un-journaled.
 */
class LangChain4jPartsTest {
  private final AiServiceContext context = AiServiceContext.create(Desk.class);
  private final AiServices<Desk> plain = AiServices.builder(context);

  @Test
  void theModelIsReadFromTheContextInEachCall() {
    Desk desk = plain.chatModel(ScriptedModel.of(Reply.text("one"))).build();
    context.chatModel = ScriptedModel.of(Reply.text("two"));
    assertThat(desk.chat("go")).isEqualTo("two");
  }

  @Test
  void executorsAndSpecificationsAreLiveCollections() {
    var shown = ScriptedModel.of(Reply.call("findOrder", "{\"orderId\":\"1\"}"), Reply.text("ok"));
    plain.tools(new Shop()).chatModel(shown);
    var calls = new AtomicInteger();
    ToolExecutor mine =
        (asked, memory) -> {
          calls.incrementAndGet();
          return "mine";
        };
    context.toolService.toolExecutors().replaceAll((name, executor) -> mine);
    context
        .toolService
        .toolSpecifications()
        .replaceAll(each -> each.toBuilder().description("changed").build());
    plain.build().chat("go");
    assertThat(calls).hasValue(1);
    assertThat(shown.requests().getFirst().toolSpecifications())
        .extracting(ToolSpecification::description)
        .containsOnly("changed");
  }

  @Test
  void theMemoryServiceIsAskedForTheMemoryInEachCall() {
    var memory = MessageWindowChatMemory.withMaxMessages(10);
    Desk desk =
        plain
            .chatModel(ScriptedModel.of(Reply.text("ok")))
            .chatMemoryProvider(id -> memory)
            .build();
    var other = MessageWindowChatMemory.withMaxMessages(10);
    context.chatMemoryService =
        new ChatMemoryService(id -> memory) {
          @Override
          public ChatMemory getOrCreateChatMemory(Object id) {
            return other;
          }
        };
    desk.chat("go");
    assertThat(memory.messages()).isEmpty();
    assertThat(other.messages()).hasSize(2);
  }

  @Test
  void errorsOfToolsEscapeTheLoop() {
    plain
        .tools(new Shop())
        .chatModel(ScriptedModel.of(Reply.call("findOrder", "{\"orderId\":\"1\"}")));
    context
        .toolService
        .toolExecutors()
        .replaceAll((name, executor) ->
            (asked, memory) -> {
              throw new Escape(new IllegalStateException("out"));
            });
    Desk desk = plain.build();
    assertThatThrownBy(() -> desk.chat("go")).isInstanceOf(Escape.class);
  }

  @Test
  void aWindowKeepsItsMessagesInAFieldThatTellsItsStore() {
    assertThat(HeapMemory.holds(MessageWindowChatMemory.withMaxMessages(10))).isTrue();
    var stored =
        MessageWindowChatMemory.builder()
            .maxMessages(10)
            .chatMemoryStore(new Desks.Store())
            .build();
    assertThat(HeapMemory.holds(stored)).isFalse();
  }
}
