package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agents.Desks.Desk;
import dev.holdfast.agents.Desks.Remembering;
import dev.holdfast.agents.Desks.Store;
import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chat memory of a durable agent: a snapshot, a copy, one write. */
class DurableMemoryTest {
  private final Shop shop = new Shop();
  private final Store store = new Store();
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private Remembering remembering(ScriptedModel model, ChatMemoryProvider memories) {
    return Durable.aiServices(Remembering.class)
        .tools(shop)
        .chatModel(model)
        .chatMemoryProvider(memories)
        .build();
  }

  /** Looks an order up, and then answers with that. */
  private static ScriptedModel lookingUp(String answer) {
    return ScriptedModel.deciding(asked ->
        asked.messages().getLast() instanceof ToolExecutionResultMessage
            ? Reply.text(answer)
            : Reply.call("findOrder", "{\"orderId\":\"17\"}"));
  }

  @Test
  void aTurnIsWrittenOnceAtItsEnd() {
    var desk = remembering(lookingUp("a lamp"), store.window(20));
    assertThat(Desks.run(bench, desk, "run-1", "what is 17?"))
        .isEqualTo(new Outcome.Completed<>("a lamp"));
    assertThat(store.written).hasSize(1);
    assertThat(store.texts("ann"))
        .containsExactly("user: what is 17?", "calls: 1", "TOOL_EXECUTION_RESULT", "reply: a lamp");
  }

  @Test
  void theNextTurnRemembers() {
    var model = ScriptedModel.of(Reply.text("hello ann"), Reply.text("you are ann"));
    var desk = remembering(model, store.window(20));
    Desks.run(bench, desk, "run-1", "I am Ann");
    Desks.run(bench, desk, "run-2", "who am I?");
    assertThat(store.texts("ann"))
        .containsExactly(
            "user: I am Ann", "reply: hello ann", "user: who am I?", "reply: you are ann");
    assertThat(bench.journaled("run-2").split("I am Ann", -1)).hasSize(2);
  }

  @Test
  void oneMemoryForAllWorksToo() {
    var model = ScriptedModel.of(Reply.text("one"), Reply.text("two"));
    var memory = MessageWindowChatMemory.withMaxMessages(10);
    Desk desk = Durable.aiServices(Desk.class).chatModel(model).chatMemory(memory).build();
    Function<String, String> call = desk::chat;
    bench.start(Desks.calling(call), "run-1", "first").await(Bench.DEADLINE);
    assertThat(memory.messages()).hasSize(2);
    try (var other = new Bench()) {
      other.start(Desks.calling(call), "run-2", "second").await(Bench.DEADLINE);
    }
    assertThat(memory.messages()).hasSize(4);
  }

  @Test
  void aWindowDoesNotLoseTheQuestionThatIsBeingAnswered() {
    var model =
        ScriptedModel.of(
            Reply.call("findOrder", "{\"orderId\":\"17\"}"),
            Reply.call("findOrder", "{\"orderId\":\"18\"}"),
            Reply.call("findOrder", "{\"orderId\":\"19\"}"),
            Reply.text("all lamps"));
    Desks.run(bench, remembering(model, store.window(4)), "run-1", "what are these?");
    assertThat(model.requests())
        .allSatisfy(
            asked -> assertThat(asked.messages()).contains(UserMessage.from("what are these?")));
    assertThat(store.texts("ann")).hasSizeLessThanOrEqualTo(4).endsWith("reply: all lamps");
  }

  @Test
  void aRunThatDoesNotCompleteLeavesTheMemoryAsItWas() {
    store.updateMessages("ann", List.of(UserMessage.from("old"), AiMessage.from("old answer")));
    store.written.clear();
    var model = ScriptedModel.deciding(asked -> Reply.call("refnd", "{}"));
    assertThat(Desks.run(bench, remembering(model, store.window(20)), "run-1", "go"))
        .isInstanceOf(Outcome.Truncated.class);
    assertThat(store.written).isEmpty();
  }

  @Test
  void aChangeBySomebodyElseIsAConflictAndNeverOverwritten() {
    var model =
        ScriptedModel.deciding(asked -> {
          store.updateMessages("ann", List.of(UserMessage.from("from elsewhere")));
          return Reply.text("mine");
        });
    var outcome = Desks.run(bench, remembering(model, store.window(20)), "run-1", "go");
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed<String>) outcome).failure().map(Failure::code))
        .contains(Durable.MEMORY_CONFLICT);
    assertThat(store.texts("ann")).containsExactly("user: from elsewhere");
  }

  @Test
  void aMemoryThatWasClearedMeanwhileStaysClear() {
    ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
    var model =
        ScriptedModel.deciding(asked -> {
          if (asked.messages().size() > 2) {
            memory.clear();
          }
          return Reply.text("ok");
        });
    var desk = remembering(model, id -> memory);
    Desks.run(bench, desk, "run-1", "one");
    assertThat(Desks.run(bench, desk, "run-2", "two")).isInstanceOf(Outcome.Failed.class);
    assertThat(memory.messages()).isEmpty();
  }

  @Test
  void aMemoryThatAPlainAgentPoisonedHeals() {
    store.updateMessages(
        "ann",
        List.of(
            SystemMessage.from("You are a clerk."),
            UserMessage.from("pay"),
            AiMessage.from(request("a", "refund", "{}"), request("b", "call", "{}")),
            ToolExecutionResultMessage.from("b", "call", "called"),
            UserMessage.from("pay!"),
            ToolExecutionResultMessage.from("zzz", "call", "to whom?")));
    var model = ScriptedModel.deciding(asked -> Reply.text("settled"));
    assertThat(Desks.run(bench, remembering(model, store.window(20)), "run-1", "well?"))
        .isEqualTo(new Outcome.Completed<>("settled"));
    List<ChatMessage> shown = model.requests().getFirst().messages();
    assertThat(shown).hasSize(7);
    assertThat(shown.get(3))
        .isInstanceOfSatisfying(
            ToolExecutionResultMessage.class,
            result -> {
              assertThat(result.id()).isEqualTo("a");
              assertThat(result.text()).contains("Nobody knows whether this happened");
            });
    assertThat(store.texts("ann"))
        .containsExactly(
            "SYSTEM",
            "user: pay",
            "calls: 2",
            "TOOL_EXECUTION_RESULT",
            "TOOL_EXECUTION_RESULT",
            "user: pay!",
            "user: well?",
            "reply: settled");
    assertThat(bench.journaled("run-1")).contains("\"repaired\":2");
  }

  @Test
  void runsWithTheSameMemoryGoOneAfterAnother() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var model =
        ScriptedModel.deciding(asked -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          LockSupport.parkNanos(20_000_000);
          inside.decrementAndGet();
          return Reply.text("reply " + asked.messages().size());
        });
    var desk = remembering(model, store.window(100));
    var workflow = Desks.calling(text -> desk.chat("ann", text));
    bench.engine().register(workflow);
    var handles =
        IntStream.range(0, 8)
            .mapToObj(i -> bench.engine().start(workflow, "run-" + i, "message " + i))
            .toList();
    for (var handle : handles) {
      assertThat(handle.await(Bench.DEADLINE)).isInstanceOf(Outcome.Completed.class);
    }
    assertThat(most).hasValue(1);
    assertThat(store.texts("ann")).hasSize(16).doesNotHaveDuplicates();
  }

  @Test
  void aMemoryInTheHeapIsRestoredFromTheJournalAfterACrash() {
    var hangs = new AtomicBoolean();
    var model =
        ScriptedModel.deciding(asked -> {
          if (asked.messages().size() > 2 && !hangs.getAndSet(true)) {
            LockSupport.parkNanos(Bench.DEADLINE.toNanos());
          }
          return Reply.text("reply " + asked.messages().size());
        });
    ChatMemoryProvider before = id -> MessageWindowChatMemory.withMaxMessages(10);
    var first = remembering(model, before);
    Desks.run(bench, first, "run-1", "one");
    bench.start(Desks.calling("two", text -> first.chat("ann", text)), "run-2", "two");
    Awaitility.await().atMost(Bench.DEADLINE).untilTrue(hangs);
    var memory = MessageWindowChatMemory.withMaxMessages(10);
    var second = remembering(model, id -> memory);
    bench.crashAndReopen(Desks.calling("two", text -> second.chat("ann", text)));
    assertThat(bench.engine().find("run-2", String.class).await(Bench.DEADLINE))
        .isEqualTo(new Outcome.Completed<>("reply 3"));
    assertThat(memory.messages())
        .containsExactly(
            UserMessage.from("one"),
            AiMessage.from("reply 1"),
            UserMessage.from("two"),
            AiMessage.from("reply 3"));
  }
}
