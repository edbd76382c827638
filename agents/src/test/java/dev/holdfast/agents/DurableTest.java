package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.Desks.Desk;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Service;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;

/** A LangChain4j agent within runs and outside of them. */
class DurableTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static Desk desk(ChatModel model) {
    return Durable.aiServices(Desk.class).tools(new Shop()).chatModel(model).build();
  }

  @Test
  void aRegisteredAgentAnswersOnceForEachRun(@TempDir Path directory) {
    var model = ScriptedModel.of(Reply.text("hello ann"));
    try (var holdfast = Holdfast.open(directory.resolve("desk.db"))) {
      var agents = holdfast.register("desk", Desk.class, desk(model));
      assertThat(ask(agents)).isEqualTo("hello ann");
      assertThat(ask(agents)).isEqualTo("hello ann");
    }
    try (var holdfast = Holdfast.open(directory.resolve("desk.db"))) {
      var agents = holdfast.register("desk", Desk.class, desk(ScriptedModel.of()));
      assertThat(ask(agents)).isEqualTo("hello ann");
    }
    assertThat(model.requests()).hasSize(1);
  }

  /** Answers later, in two ways, and at once. */
  interface LateDesk {
    TokenStream stream(String message);

    Publisher<String> publish(String message);

    String chat(String message);
  }

  @Test
  void anAnswerThatComesLaterStartsNoRun(@TempDir Path directory) {
    LateDesk desk =
        Durable.aiServices(LateDesk.class).chatModel(ScriptedModel.of(Reply.text("hi"))).build();
    try (var holdfast = Holdfast.open(directory.resolve("desk.db"))) {
      Service<LateDesk> agents = holdfast.register("late", LateDesk.class, desk);
      List<Function<LateDesk, Object>> late = List.of(d -> d.stream("a"), d -> d.publish("a"));
      for (Function<LateDesk, Object> call : late) {
        assertThatThrownBy(() -> agents.start("r", call))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot be journaled");
      }
      assertThat(agents.<String>run("r", d -> d.chat("a"))).isEqualTo("hi");
    }
  }

  private static String ask(Service<Desk> agents) {
    return agents.run("ticket-1", agent -> agent.chat("I am Ann"));
  }

  @Test
  void outsideOfARunItRefusesAndSaysWhatHelps() {
    var model = ScriptedModel.of(Reply.text("hello"));
    assertThatThrownBy(() -> desk(model).chat("hello"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Desk.chat was called outside of a run")
        .hasMessageContaining("holdfast.register");
    assertThat(model.requests()).isEmpty();
  }

  @Test
  void outsideOfARunItAnswersWhereItIsToldToWarn() {
    var shop = new Shop();
    var model =
        ScriptedModel.of(
            Reply.call("findOrder", "{\"orderId\":\"17\"}"),
            Reply.call("lookup", "{}"),
            Reply.call("refund", "{\"orderId\":\"17\",\"amount\":30}"),
            Reply.text("hello"));
    Desk desk =
        Durable.aiServices(Desk.class)
            .outside(Durable.Outside.WARN)
            .tools(shop)
            .chatModel(model)
            .build();
    assertThat(desk.chat("hello")).isEqualTo("hello");
    assertThat(shop.lookups).hasValue(1);
    assertThat(model.shown())
        .anyMatch(text -> text.contains("unknown_tool"))
        .anyMatch(text -> text.contains("outside-of-run"));
    assertThat(shop.moneyMoved).isEmpty();
  }

  @Test
  void aToolCannotCallADurableAgentUnjournaled() {
    var inner = desk(ScriptedModel.of(Reply.text("inner")));
    var model = ScriptedModel.of(Reply.text("outer"));
    var workflow =
        Desks.calling(text -> {
          desk(model).chat(text);
          return dev.holdfast.kernel.Run.current()
              .orElseThrow()
              .read("call", String.class, () -> inner.chat("hello"));
        });
    assertThat(bench.run(workflow, "go"))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("outside of a run"));
  }

  interface Streaming {
    TokenStream stream(String message);

    String chat(String message);
  }

  @Test
  void aStreamIsRefused() {
    Streaming agent =
        Durable.aiServices(Streaming.class)
            .chatModel(ScriptedModel.of())
            .streamingChatModel(new dev.langchain4j.model.chat.StreamingChatModel() {})
            .build();
    assertThat(bench.run(Desks.calling(text -> agent.stream(text).toString()), "go"))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("a stream cannot be journaled"));
  }

  interface Dated {
    @SystemMessage("You are a clerk. It is {{current_date_time}}.")
    String chat(String message);
  }

  @Test
  void aPromptThatChangesWithTheClockKillsNoRun() {
    var shop = new Shop();
    var hangs = new AtomicBoolean(true);
    var model =
        ScriptedModel.deciding(asked -> {
          if (asked.messages().size() == 2) {
            return Reply.call("findOrder", "{\"orderId\":\"17\"}");
          }
          if (hangs.getAndSet(false)) {
            LockSupport.parkNanos(Bench.DEADLINE.toNanos());
          }
          return Reply.text("fine");
        });
    Supplier<Dated> fresh =
        () -> Durable.aiServices(Dated.class).tools(shop).chatModel(model).build();
    var first = Desks.calling(fresh.get()::chat);
    bench.start(first, "run-1", "go");
    org.awaitility.Awaitility.await()
        .atMost(Bench.DEADLINE)
        .until(() -> model.requests().size() == 2);
    var second = Desks.calling(fresh.get()::chat);
    bench.crashAndReopen(second);
    assertThat(bench.engine().find("run-1", String.class).await(Bench.DEADLINE))
        .isEqualTo(new Outcome.Completed<>("fine"));
    assertThat(bench.entries(Entry.InputDrifted.class)).isNotEmpty();
    assertThat(shop.lookups).hasValue(1);
  }

  @Test
  void theRunRetriesTheModelAndTellsWhy() {
    var model =
        ScriptedModel.of(
            Reply.text("hello").failingFirst(2, () -> new RateLimitException("sk-secret-1234")));
    assertThat(Desks.run(bench, desk(model), "go")).isEqualTo(new Outcome.Completed<>("hello"));
    assertThat(bench.entries(Entry.AttemptFailed.class)).hasSize(2);
    assertThat(bench.journaled("run-1")).doesNotContain("sk-secret");
  }

  @Test
  void anAnswerThatWasCutOffIsNoAnswer() {
    var model = ScriptedModel.of(Reply.text("Your money is").finish(FinishReason.LENGTH));
    assertThat(Desks.run(bench, desk(model), "go")).isInstanceOf(Outcome.Truncated.class);
  }

  /** A model of which everything counts, not only its call. */
  private static final class Particular implements ChatModel {
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public List<ChatModelListener> listeners() {
      return List.of(
          new ChatModelListener() {
            @Override
            public void onRequest(ChatModelRequestContext context) {
              requests.incrementAndGet();
            }

            @Override
            public void onError(ChatModelErrorContext context) {}
          });
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      return ChatResponse.builder()
          .id("response-1")
          .modelName("particular")
          .aiMessage(
              AiMessage.builder()
                  .text("hello")
                  .thinking("let me see")
                  .attributes(Map.of("signature", "abc"))
                  .build())
          .finishReason(FinishReason.STOP)
          .build();
    }
  }

  interface Whole {
    dev.langchain4j.service.Result<String> chat(String message);
  }

  @Test
  void aReplyKeepsWhatTheNextRequestNeedsAndListenersHearEachCallOnce() {
    var model = new Particular();
    Whole agent = Durable.aiServices(Whole.class).chatModel(model).build();
    var seen = new AtomicInteger();
    var workflow =
        Desks.calling(text -> {
          ChatResponse response = agent.chat(text).finalResponse();
          assertThat(response.id()).isEqualTo("response-1");
          assertThat(response.modelName()).isEqualTo("particular");
          assertThat(response.aiMessage().thinking()).isEqualTo("let me see");
          assertThat(response.aiMessage().attributes()).containsEntry("signature", "abc");
          seen.incrementAndGet();
          return response.aiMessage().text();
        });
    assertThat(bench.run(workflow, "go")).isEqualTo(new Outcome.Completed<>("hello"));
    assertThat(seen).hasValue(1);
    assertThat(model.requests).hasValue(1);
  }

  @Test
  void aModelThatIsPutThereLaterIsJournaledToo() {
    var model = ScriptedModel.of(Reply.text("late"));
    var builder = Durable.aiServices(Desk.class);
    Desk desk = builder.chatModel(ScriptedModel.of()).build();
    builder.chatModel(model);
    assertThat(Desks.run(bench, desk, "go")).isEqualTo(new Outcome.Completed<>("late"));
    assertThat(bench.journaled("run-1")).contains("model:chat#0");
  }

  @Test
  void settingsHaveBounds() {
    assertThatThrownBy(() ->
            Durable.aiServices(Desk.class).repairsMax(101).chatModel(ScriptedModel.of()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("repairsMax must be 0 to 100, is 101.");
  }
}
