package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.Desks.Desk;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.search.simple.SimpleToolSearchStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The known traps of LangChain4j's tool loop, each met by a durable agent. */
class DurableToolsTest {
  private final Shop shop = new Shop();
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static AiServices<Desk> durable(ScriptedModel model, Object... tools) {
    return Durable.aiServices(Desk.class).tools(tools).chatModel(model);
  }

  private static List<ToolExecutionResultMessage> results(ScriptedModel model) {
    return model.requests().getLast().messages().stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(ToolExecutionResultMessage.class::cast)
        .toList();
  }

  @Test
  void toolsAreShownInOneOrderWhateverTheRuntimeSays() {
    var model = ScriptedModel.of(Reply.text("hello"));
    Desks.run(bench, durable(model, shop).build(), "hello");
    assertThat(model.requests().getFirst().toolSpecifications())
        .extracting(ToolSpecification::name)
        .isSorted()
        .contains("findOrder", "refund");
  }

  @Test
  void whatTheRuntimeInjectsIsNotInTheSchema() {
    var model = ScriptedModel.of(Reply.text("hello"));
    Desks.run(bench, durable(model, shop).build(), "hello");
    ToolSpecification refund =
        model.requests().getFirst().toolSpecifications().stream()
            .filter(each -> each.name().equals("refund"))
            .findFirst()
            .orElseThrow();
    assertThat(refund.parameters().properties()).containsOnlyKeys("orderId", "amount");
  }

  @Test
  void missingAndRepeatedCallIdsStillGiveEachCallItsOwnResult() {
    var label = "{\"orderId\":\"17\",\"label\":\"%s\"}";
    var model =
        ScriptedModel.of(
            Reply.calls(
                request("", "findOrder", "{\"orderId\":\"17\"}"),
                request("", "findOrder", "{\"orderId\":\"17\"}"),
                request("x", "label", label.formatted("a")),
                request("x", "label", label.formatted("b"))),
            Reply.text("done"));
    assertThat(Desks.run(bench, durable(model, shop).build(), "go"))
        .isEqualTo(new Outcome.Completed<>("done"));
    assertThat(shop.lookups).hasValue(2);
    assertThat(results(model))
        .hasSize(4)
        .extracting(ToolExecutionResultMessage::id)
        .doesNotHaveDuplicates()
        .doesNotContainNull()
        .contains("x");
  }

  @Test
  void aToolThatDoesNotExistIsAnsweredWithThoseThatDo() {
    var model = ScriptedModel.of(Reply.call("refnd", "{}"), Reply.text("sorry"));
    assertThat(Desks.run(bench, durable(model, shop).build(), "go"))
        .isEqualTo(new Outcome.Completed<>("sorry"));
    assertThat(results(model).getFirst().text()).contains("unknown_tool", "refund");
  }

  @Test
  void argumentsThatDoNotFitAreAnsweredWithTheSchemaAndNothingRuns() {
    var model =
        ScriptedModel.of(
            Reply.calls(
                request("a", "refund", "{\"orderId\":"),
                request("b", "refund", "{\"orderId\":\"17\",\"amount\":\"many\"}"),
                request("c", "refund", "{}")),
            Reply.text("sorry"));
    assertThat(Desks.run(bench, durable(model, shop).build(), "go"))
        .isEqualTo(new Outcome.Completed<>("sorry"));
    assertThat(shop.moneyMoved).isEmpty();
    assertThat(results(model))
        .hasSize(3)
        .allSatisfy(result -> assertThat(result.text()).contains("invalid_arguments", "schema"));
  }

  @Test
  void aModelThatErrsAgainAndAgainIsStoppedAndTheRunIsNotComplete() {
    var model = ScriptedModel.deciding(asked -> Reply.call("refnd", "{}"));
    var outcome = Desks.run(bench, durable(model, shop).build(), "go");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Truncated.class, cut -> assertThat(cut.limit()).isEqualTo("repairs"));
    assertThat(model.requests()).hasSize(4);
  }

  @Test
  void anEndlessLoopOfToolCallsEndsAtTheBudget() {
    var model = ScriptedModel.deciding(asked -> Reply.call("findOrder", "{\"orderId\":\"17\"}"));
    Desk desk =
        Durable.aiServices(Desk.class).budget(Budget.steps(5)).tools(shop).chatModel(model).build();
    assertThat(Desks.run(bench, desk, "go")).isInstanceOf(Outcome.Truncated.class);
    assertThat(model.requests()).hasSize(5);
  }

  @Test
  void langchainsOwnLimitOfRoundTripsEndsAsTruncatedToo() {
    var model = ScriptedModel.deciding(asked -> Reply.call("findOrder", "{\"orderId\":\"17\"}"));
    Desk desk = durable(model, shop).maxToolCallingRoundTrips(3).build();
    assertThat(Desks.run(bench, desk, "go"))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class,
            cut -> assertThat(cut.limit()).isEqualTo("maxToolCallingRoundTrips"));
    assertThat(model.requests()).hasSize(3);
  }

  /** A tool whose exception holds what nobody may read. */
  static final class Leaky {
    @Effect(Contract.READ)
    @Tool
    @SuppressWarnings("DoNotCallSuggester")
    String open() {
      throw new IllegalStateException("db password=hunter2 at 10.0.0.7");
    }
  }

  @Test
  void anExceptionsTextReachesNeitherModelNorJournal() {
    var model = ScriptedModel.of(Reply.call("open", "{}"), Reply.text("sorry"));
    Desks.run(bench, durable(model, new Leaky()).build(), "go");
    assertThat(model.shown()).noneMatch(text -> text.contains("hunter2"));
    assertThat(bench.journaled("run-1")).doesNotContain("hunter2", "10.0.0.7");
    assertThat(results(model).getFirst().text()).contains("failed", "IllegalStateException");
  }

  @Test
  void theUsersOwnErrorHandlersCannotLeakEither() {
    var model = ScriptedModel.of(Reply.call("open", "{}"), Reply.text("sorry"));
    Desk desk =
        durable(model, new Leaky())
            .toolExecutionErrorHandler((error, at) ->
                dev.langchain4j.service.tool.ToolErrorHandlerResult.text(error.getMessage()))
            .build();
    Desks.run(bench, desk, "go");
    assertThat(model.shown()).noneMatch(text -> text.contains("hunter2"));
  }

  /** A tool that declares nothing. */
  static final class Undeclared {
    private final AtomicInteger calls = new AtomicInteger();

    @Tool
    String charge(String order) {
      calls.incrementAndGet();
      throw new IllegalStateException("the line went dead");
    }
  }

  @Test
  void aToolThatDeclaresNothingIsNeverRepeatedAndItsDoubtHoldsTheCompletion() {
    var tool = new Undeclared();
    var model = ScriptedModel.of(Reply.call("charge", "{\"order\":\"17\"}"), Reply.text("sorry"));
    var outcome = Desks.run(bench, durable(model, tool).build(), "go");
    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    assertThat(tool.calls).hasValue(1);
    assertThat(results(model).getFirst().text()).contains("outcome_unknown");
  }

  /** Tools that ask for what no model knows. */
  static final class Curious {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Effect(Contract.KEYED)
    @Tool
    String look(
        String order,
        IdempotencyKey key,
        RunContext run,
        @ToolMemoryId Object memory,
        InvocationContext context) {
      seen.add(run.run().text() + " " + memory + " " + context.methodName());
      assertThat(key.text()).isNotBlank();
      return "seen " + order;
    }
  }

  @Test
  void toolsGetTheRunTheKeyAndWhatLangChain4jInjects() {
    var tool = new Curious();
    var model = ScriptedModel.of(Reply.call("look", "{\"order\":\"17\"}"), Reply.text("ok"));
    assertThat(Desks.run(bench, durable(model, tool).build(), "go"))
        .isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(tool.seen).containsExactly("run-1 default chat");
    assertThat(
            model.requests().getFirst().toolSpecifications().getFirst().parameters().properties())
        .containsOnlyKeys("order");
  }

  /** Tools that meet each other, or that keep apart. */
  static final class Meeting {
    private final CyclicBarrier barrier = new CyclicBarrier(2);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Set<String> runs = ConcurrentHashMap.newKeySet();

    @Effect(Contract.READ)
    @Tool
    String meet(String name, RunContext run) throws Exception {
      runs.add(run.run().text());
      barrier.await(10, TimeUnit.SECONDS);
      return "met " + name;
    }

    @Effect(Contract.ONCE)
    @Tool
    String pay(String name) throws InterruptedException {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      TimeUnit.MILLISECONDS.sleep(20);
      inside.decrementAndGet();
      return "paid " + name;
    }
  }

  @Test
  void concurrentToolsRunSideBySideWhereHarmlessWithTheirContextAndInOrder() {
    var tool = new Meeting();
    var model =
        ScriptedModel.of(
            Reply.calls(
                request("a", "meet", "{\"name\":\"ann\"}"),
                request("b", "meet", "{\"name\":\"bob\"}")),
            Reply.text("ok"));
    Desk desk = durable(model, tool).executeToolsConcurrently().build();
    assertThat(Desks.run(bench, desk, "go")).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(tool.runs).containsExactly("run-1");
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::text)
        .containsExactly("met ann", "met bob");
  }

  @Test
  void concurrentToolsRunOneAfterAnotherWhereTheyCouldDoHarm() {
    var tool = new Meeting();
    var model =
        ScriptedModel.of(
            Reply.calls(
                request("a", "pay", "{\"name\":\"ann\"}"),
                request("b", "pay", "{\"name\":\"bob\"}")),
            Reply.text("ok"));
    Desk desk = durable(model, tool).executeToolsConcurrently().build();
    assertThat(Desks.run(bench, desk, "go")).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(tool.most).hasValue(1);
  }

  /** A tool whose target is busy for an hour. */
  static final class Busy {
    @Effect(Contract.KEYED)
    @Tool
    @SuppressWarnings("DoNotCallSuggester")
    String book(String name, IdempotencyKey key) {
      throw KnownFailure.tryLater("busy", "later", Optional.of(Duration.ofHours(1)));
    }
  }

  @Test
  void aRunThatMustWaitWaitsAlthoughLangChain4jCatchesExceptions() throws Exception {
    for (boolean concurrently : List.of(false, true)) {
      var model =
          ScriptedModel.of(
              Reply.calls(
                  request("a", "book", "{\"name\":\"ann\"}"),
                  request("b", "book", "{\"name\":\"bob\"}")),
              Reply.text("all booked"));
      AiServices<Desk> builder = durable(model, new Busy());
      Desk desk = (concurrently ? builder.executeToolsConcurrently() : builder).build();
      try (var other = new Bench()) {
        var outcome =
            other.start(Desks.calling(desk::chat), "run-1", "go").await(Duration.ofMillis(700));
        assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
        assertThat(model.requests()).hasSize(1);
        assertThat(other.entries(Entry.RunParked.class)).hasSize(1);
      }
    }
  }

  /** A tool whose result is the agent's answer. */
  static final class Final {
    record Receipt(String order, int amount) {}

    @Effect(Contract.READ)
    @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
    Receipt receipt(String order) {
      return new Receipt(order, 30);
    }
  }

  interface Receipts {
    Final.Receipt find(String message);
  }

  @Test
  void aToolsResultCanBeTheAnswerAlsoInAReplay() {
    var model = ScriptedModel.of(Reply.call("receipt", "{\"order\":\"17\"}"));
    Receipts agent = Durable.aiServices(Receipts.class).tools(new Final()).chatModel(model).build();
    var workflow = Desks.calling(text -> agent.find(text).toString());
    assertThat(bench.run(workflow, "go"))
        .isEqualTo(new Outcome.Completed<>("Receipt[order=17, amount=30]"));
  }

  @Test
  void executorsGetTheirContractFromTheTableAndKeepTheirWords() {
    var calls = new AtomicInteger();
    ToolExecutor executor =
        (asked, memory) -> {
          calls.incrementAndGet();
          return "stock " + asked.arguments();
        };
    var specification =
        ToolSpecification.builder()
            .name("countStock")
            .parameters(JsonObjectSchema.builder().addStringProperty("article").build())
            .build();
    var model =
        ScriptedModel.of(Reply.call("countStock", "{\"article\":\"lamp\"}"), Reply.text("ok"));
    Desk desk =
        Durable.aiServices(Desk.class)
            .contracts(Contracts.of("count*", Contract.READ))
            .tools(Map.of(specification, executor))
            .chatModel(model)
            .build();
    assertThat(Desks.run(bench, desk, "go")).isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(calls).hasValue(1);
    assertThat(results(model).getFirst().text()).contains("lamp");
  }

  @Test
  void aToolThatNeedsAnApprovalWaitsForItAndNeverRunsOutsideOfARun() {
    var calls = new AtomicInteger();
    ToolExecutor executor = (asked, memory) -> "paid " + calls.incrementAndGet();
    var specification = ToolSpecification.builder().name("pay").build();
    var model = ScriptedModel.of(Reply.call("pay", "{}"), Reply.text("ok"));
    Desk desk =
        Durable.aiServices(Desk.class)
            .contracts(
                Contracts.of("pay", Contract.ONCE)
                    .approve(
                        "pay", new Approval.Terms(List.of(), Optional.empty(), Optional.empty())))
            .outside(Durable.Outside.WARN)
            .tools(Map.of(specification, executor))
            .chatModel(model)
            .build();
    assertThat(desk.chat("go")).isEqualTo("ok");
    assertThat(results(model).getFirst().text()).contains("outside-of-run");
    assertThat(bench.start(Desks.calling(desk::chat), "run-1", "go").await(Duration.ofSeconds(1)))
        .isInstanceOf(Outcome.Waiting.class);
    assertThat(calls).hasValue(0);
  }

  @Test
  void anExecutorCannotPromiseAKey() {
    ToolExecutor executor = (asked, memory) -> "";
    var specification = ToolSpecification.builder().name("pay").build();
    var builder =
        Durable.aiServices(Desk.class)
            .contracts(Contracts.of("pay", Contract.KEYED))
            .tools(Map.of(specification, executor))
            .chatModel(ScriptedModel.of());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be KEYED");
  }

  @Test
  void whatWouldGoUnjournaledIsRefusedWhenTheAgentIsBuilt() {
    var builder = Durable.aiServices(Desk.class);
    var search = SimpleToolSearchStrategy.builder().build();
    assertThatThrownBy(() -> builder.compensateOnToolErrors(true))
        .hasMessageContaining("compensation");
    assertThatThrownBy(() -> builder.toolSearchStrategy(search)).hasMessageContaining("search");
  }

  @Test
  void aModelThatAsksAgainForTheSameFactGetsTheFirstResultWithANote() {
    ToolExecutionRequest first = request("a", "refund", "{\"orderId\":\"17\",\"amount\":30}");
    ToolExecutionRequest again = request("b", "refund", "{\"orderId\":\"17\",\"amount\":30}");
    ToolExecutionRequest other = request("c", "refund", "{\"orderId\":\"17\",\"amount\":31}");
    var model =
        ScriptedModel.of(
            Reply.calls(first), Reply.calls(again), Reply.calls(other), Reply.text("ok"));
    assertThat(Desks.run(bench, durable(model, shop).build(), "go"))
        .isEqualTo(new Outcome.Completed<>("ok"));
    assertThat(shop.moneyMoved).containsExactly("17:30");
    assertThat(results(model).get(1).text()).contains("nothing was repeated");
    assertThat(results(model).get(2).text()).contains("conflict");
  }
}
