package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.Desks.Desk;
import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.Moderate;
import dev.langchain4j.service.ModerationException;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retrieval, guardrails, moderation and provided tools of a durable agent. */
class DurableHooksTest {
  private final Bench bench = new Bench();
  private final AtomicBoolean hangs = new AtomicBoolean(true);

  @AfterEach
  void close() {
    bench.close();
  }

  /** Crashes the run while its model's last call hangs, and lets it end in another process. */
  private Outcome<String> crashed(Supplier<Function<String, String>> fresh) {
    bench.start(workflow(fresh), "run-1", "go");
    Awaitility.await().atMost(Bench.DEADLINE).untilFalse(hangs);
    bench.crashAndReopen(workflow(fresh));
    return bench.engine().find("run-1", String.class).await(Bench.DEADLINE);
  }

  private static Workflow<String, String> workflow(Supplier<Function<String, String>> fresh) {
    return Desks.calling(fresh.get());
  }

  private Reply hanging(Reply reply) {
    if (hangs.getAndSet(false)) {
      LockSupport.parkNanos(Bench.DEADLINE.toNanos());
    }
    return reply;
  }

  interface Sourced {
    Result<String> chat(String message);
  }

  @Test
  void retrievalHappensOnceAndARecoveredRunSeesTheSameContents() {
    var asked = new AtomicInteger();
    ContentRetriever retriever =
        query -> {
          int time = asked.incrementAndGet();
          return List.of(Content.from(TextSegment.from("fact " + time)));
        };
    var model = ScriptedModel.deciding(request -> hanging(Reply.text("ok")));
    var sources = new CopyOnWriteArrayList<String>();
    Supplier<Function<String, String>> fresh =
        () -> {
          Sourced agent =
              Durable.aiServices(Sourced.class)
                  .chatModel(model)
                  .contentRetriever(retriever)
                  .build();
          return text -> {
            Result<String> result = agent.chat(text);
            result.sources().forEach(each -> sources.add(each.textSegment().text()));
            return result.content();
          };
        };
    assertThat(crashed(fresh)).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(asked).hasValue(1);
    assertThat(sources).containsExactly("fact 1");
    assertThat(model.requests()).hasSize(2);
    assertThat(model.requests().get(1).messages()).isEqualTo(model.requests().get(0).messages());
  }

  @Test
  void whatComesInHashOrderComesInOneOrderForTheRun() {
    ContentRetriever retriever = query -> List.of(Content.from("on " + query.text()));
    var augmentor =
        DefaultRetrievalAugmentor.builder()
            .queryTransformer(query ->
                IntStream.range(0, 12)
                    .mapToObj(i -> Query.from("q" + i, query.metadata()))
                    .toList())
            .contentRetriever(retriever)
            .build();
    var model = ScriptedModel.deciding(request -> hanging(Reply.text("ok")));
    Supplier<Function<String, String>> fresh =
        () ->
            Durable.aiServices(Desk.class).chatModel(model).retrievalAugmentor(augmentor).build()
                ::chat;
    assertThat(crashed(fresh)).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(model.requests().get(1).messages()).isEqualTo(model.requests().get(0).messages());
  }

  /** Asks again until the answer is polite. */
  public static final class Politeness implements OutputGuardrail {
    @Override
    public OutputGuardrailResult validate(AiMessage message) {
      return message.text().contains("please")
          ? success()
          : reprompt("rude", "Answer again, with please.");
    }
  }

  @Test
  void aGuardrailsQuestionsAreJournaledModelCalls() {
    var model =
        ScriptedModel.deciding(request ->
            request.messages().toString().contains("Answer again")
                ? hanging(Reply.text("please wait"))
                : Reply.text("wait"));
    Supplier<Function<String, String>> fresh =
        () ->
            Durable.aiServices(Desk.class)
                    .chatModel(model)
                    .outputGuardrails(new Politeness())
                    .build()
                ::chat;
    assertThat(crashed(fresh)).isEqualTo(new Outcome.Completed<>("please wait"));
    assertThat(bench.journaled("run-1")).contains("model:chat#1");
    assertThat(model.requests()).hasSize(3);
  }

  /** Lets nobody in. */
  public static final class Door implements InputGuardrail {
    @Override
    public InputGuardrailResult validate(UserMessage message) {
      return fatal("closed");
    }
  }

  @Test
  void aRefusedInputNeverCompletesAndAsksNoModel() {
    var model = ScriptedModel.of(Reply.text("hello"));
    Desk desk = Durable.aiServices(Desk.class).chatModel(model).inputGuardrails(new Door()).build();
    assertThat(Desks.run(bench, desk, "go")).isInstanceOf(Outcome.Quarantined.class);
    assertThat(model.requests()).isEmpty();
  }

  interface Moderated {
    @Moderate
    String chat(String message);
  }

  /** Flags what holds a bad word. */
  private static final class Censor implements ModerationModel {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public ModerationResponse doModerate(ModerationRequest request) {
      asked.incrementAndGet();
      String text = request.texts().getFirst();
      return ModerationResponse.builder()
          .moderation(text.contains("bad") ? Moderation.flagged(text) : Moderation.notFlagged())
          .build();
    }
  }

  @Test
  void moderationHappensOnceBeforeTheModelIsAsked() {
    var censor = new Censor();
    var model = ScriptedModel.deciding(request -> hanging(Reply.text("ok")));
    Supplier<Function<String, String>> fresh =
        () ->
            Durable.aiServices(Moderated.class).chatModel(model).moderationModel(censor).build()
                ::chat;
    assertThat(crashed(fresh)).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(censor.asked).hasValue(1);
  }

  @Test
  void whatIsFlaggedNeverReachesTheModel() {
    var model = ScriptedModel.of(Reply.text("hello"));
    Moderated agent =
        Durable.aiServices(Moderated.class)
            .outside(Durable.Outside.WARN)
            .chatModel(model)
            .moderationModel(new Censor())
            .build();
    assertThat(bench.run(Desks.calling(agent::chat), "a bad word"))
        .isInstanceOf(Outcome.Quarantined.class);
    assertThatThrownBy(() -> agent.chat("a bad word")).isInstanceOf(ModerationException.class);
    assertThat(model.requests()).isEmpty();
    assertThat(agent.chat("a good one")).isEqualTo("hello");
  }

  /** Lists one tool under a name that changes from one time to the next. */
  private static final class Fickle implements ToolProvider {
    private final AtomicInteger listed = new AtomicInteger();
    private final AtomicInteger called = new AtomicInteger();
    private final boolean isDynamic;
    private final boolean isRenaming;

    Fickle(boolean isDynamic, boolean isRenaming) {
      this.isDynamic = isDynamic;
      this.isRenaming = isRenaming;
    }

    @Override
    public boolean isDynamic() {
      return isDynamic;
    }

    @Override
    public ToolProviderResult provideTools(ToolProviderRequest request) {
      int time = listed.incrementAndGet();
      String name = "find" + (isRenaming ? time : "");
      return ToolProviderResult.builder()
          .add(
              ToolSpecification.builder().name(name).description("finds").build(),
              (asked, memory) -> {
                called.incrementAndGet();
                return "found by " + asked.name();
              })
          .build();
    }
  }

  private Supplier<Function<String, String>> providing(ScriptedModel model, ToolProvider tools) {
    return () ->
        Durable.aiServices(Desk.class)
                .contracts(Contracts.of("find*", Contract.READ))
                .chatModel(model)
                .toolProvider(tools)
                .build()
            ::chat;
  }

  @Test
  void aProvidersListIsJournaledAndARecoveredRunShowsTheSame() {
    var provider = new Fickle(false, true);
    var model =
        ScriptedModel.deciding(request ->
            request.messages().getLast() instanceof ToolExecutionResultMessage
                ? hanging(Reply.text("ok"))
                : Reply.call("find1", "{}"));
    assertThat(crashed(providing(model, provider))).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(provider.called).hasValue(1);
    assertThat(provider.listed).hasValue(1);
    assertThat(model.requests())
        .allSatisfy(request ->
            assertThat(request.toolSpecifications())
                .extracting(ToolSpecification::name)
                .containsExactly("find1"));
  }

  @Test
  void aToolThatItsProviderTookAwayIsNotCalledAfterACrash() {
    var provider = new Fickle(false, true);
    var model =
        ScriptedModel.deciding(request ->
            request.messages().getLast() instanceof ToolExecutionResultMessage
                ? Reply.text("gone")
                : hanging(Reply.call("find1", "{}")));
    assertThat(crashed(providing(model, provider))).isEqualTo(new Outcome.Completed<>("gone"));
    assertThat(provider.called).hasValue(0);
    assertThat(model.shown()).anyMatch(text -> text.contains(Told.OUTDATED));
  }

  @Test
  void aDynamicProviderIsAskedEachRoundOncePerRun() {
    var provider = new Fickle(true, false);
    var model =
        ScriptedModel.deciding(request ->
            request.messages().getLast() instanceof ToolExecutionResultMessage
                ? hanging(Reply.text("ok"))
                : Reply.call("find", "{}"));
    assertThat(crashed(providing(model, provider))).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(provider.called).hasValue(1);
    assertThat(provider.listed).hasValue(2);
  }
}
