package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.calls;
import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the loop does with what a model says. */
class AgentTest {
  private final Shop shop = new Shop();
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private Agent.Builder<String> agent(ScriptedModel model) {
    return Agent.named("desk").model(model).instructions("Be kind.").tools(shop);
  }

  private static List<ToolExecutionResultMessage> results(ScriptedModel model) {
    return model.requests().getLast().messages().stream()
        .filter(ToolExecutionResultMessage.class::isInstance)
        .map(ToolExecutionResultMessage.class::cast)
        .toList();
  }

  @Test
  void answersAfterItsToolsHaveRun() {
    var model =
        ScriptedModel.of(
            call("findOrder", "{\"orderId\":\"17\"}"),
            call("refund", "{\"orderId\":\"17\",\"amount\":30}"),
            text("30 are on their way."));

    Outcome<String> outcome = bench.run(agent(model).build(), "I was charged twice");

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("30 are on their way."));
    assertThat(shop.moneyMoved).containsExactly("17:30");
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::text)
        .containsExactly(
            "{\"id\":\"17\",\"items\":[\"lamp\"],\"price\":30}",
            "{\"amount\":30,\"refund\":\"r-17\"}");
    assertThat(bench.entries(Entry.EffectIntended.class))
        .extracting(entry -> entry.path().text())
        .containsExactly(
            "scope:turn#0/model:chat#0",
            "scope:turn#0/model:chat#1",
            "scope:turn#0/tool:refund#0",
            "scope:turn#0/model:chat#2");
  }

  @Test
  void aRunThatHasEndedIsAnsweredFromItsJournal() {
    var model = ScriptedModel.of(text("Hello."));
    Agent<String> agent = agent(model).build();

    assertThat(bench.run(agent, "Hi")).isEqualTo(new Outcome.Completed<>("Hello."));
    bench.restart(agent);
    assertThat(bench.run(agent, "Hi")).isEqualTo(new Outcome.Completed<>("Hello."));

    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void toolsAreSortedByNameInEveryRequest() {
    var model = ScriptedModel.of(text("Hello."));

    bench.run(agent(model).build(), "Hi");

    assertThat(model.requests().getFirst().toolSpecifications())
        .extracting(ToolSpecification::name)
        .containsExactly("call", "findOrder", "label", "refund", "sendMail");
  }

  @Test
  void whatIsInjectedIsHiddenFromTheModel() {
    var model = ScriptedModel.of(text("Hello."));

    bench.run(agent(model).build(), "Hi");

    ToolSpecification refund =
        model.requests().getFirst().toolSpecifications().stream()
            .filter(each -> each.name().equals("refund"))
            .findFirst()
            .orElseThrow();
    assertThat(refund.parameters().properties()).containsOnlyKeys("orderId", "amount");
    assertThat(refund.parameters().required()).containsExactly("orderId", "amount");
  }

  @Test
  void anUnknownToolIsAnsweredWithTheKnownNames() {
    var model =
        ScriptedModel.of(call("findOrders", "{\"orderId\":\"17\"}"), text("I could not look."));

    Outcome<String> outcome = bench.run(agent(model).build(), "Where is 17?");

    assertThat(outcome.isEnded()).isTrue();
    assertThat(results(model))
        .singleElement()
        .satisfies(result -> {
          assertThat(result.isError()).isTrue();
          assertThat(result.text())
              .contains("unknown_tool", "findOrders", "\"call\",\"findOrder\",\"label\"");
        });
  }

  @Test
  void everyCallOfTheHistoryHasItsResult() {
    var model =
        ScriptedModel.of(
            calls(
                request("a", "nothing", "{}"),
                request("b", "findOrder", "not json"),
                request("c", "findOrder", "{\"orderId\":\"17\"}")),
            text("Done."));

    bench.run(agent(model).build(), "Go");

    List<ChatMessage> messages = model.requests().getLast().messages();
    AiMessage asked =
        messages.stream()
            .filter(AiMessage.class::isInstance)
            .map(AiMessage.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(asked.toolExecutionRequests())
        .extracting(each -> each.id())
        .containsExactly("a", "b", "c");
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::id)
        .containsExactly("a", "b", "c");
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::isError)
        .containsExactly(true, true, false);
    assertThat(shop.lookups).hasValue(1);
  }

  @Test
  void argumentsThatDoNotFitRunNothing() {
    for (String arguments :
        List.of(
            "{\"orderId\":\"17\"",
            "[1]",
            "{\"orderId\":17,\"amount\":30}",
            "{\"orderId\":\"17\"}",
            "{\"orderId\":\"17\",\"amount\":\"thirty\"}",
            "{\"orderId\":\"17\",\"amount\":30.5}",
            "{\"orderId\":\"17\",\"amount\":99999999999}",
            "{\"orderId\":\"17\",\"amount\":30,\"currency\":\"EUR\"}",
            "{\"orderId\":\"17\",\"orderId\":\"18\",\"amount\":30}",
            "{\"orderId\":\"17\",\"amount\":1e999999999}")) {
      var model = ScriptedModel.of(call("refund", arguments), text("Sorry."));
      try (var fresh = new Bench()) {
        assertThat(fresh.run(agent(model).build(), "Go"))
            .as(arguments)
            .isEqualTo(new Outcome.Completed<>("Sorry."));
      }
      assertThat(results(model))
          .singleElement()
          .satisfies(result ->
              assertThat(result.text())
                  .as(arguments)
                  .contains("invalid_arguments", "Nothing was run", "\"schema\""));
    }
    assertThat(shop.moneyMoved).isEmpty();
  }

  @Test
  void aModelThatKeepsErringTruncatesTheRun() {
    var model = ScriptedModel.deciding(request -> call("nothing", "{}"));

    Outcome<String> outcome = bench.run(agent(model).repairsMax(2).build(), "Go");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Truncated.class,
            truncated -> {
              assertThat(truncated.limit()).isEqualTo("repairs");
              assertThat(truncated.facts())
                  .contains("3 unusable replies of the model in a row, 2 allowed", "unknown_tool");
            });
    assertThat(model.requests()).hasSize(3);
  }

  @Test
  void aGoodCallForgivesEarlierErrors() {
    var model =
        ScriptedModel.of(
            call("nothing", "{}"),
            call("findOrder", "{\"orderId\":\"17\"}"),
            call("nothing", "{}"),
            text("Done."));

    assertThat(bench.run(agent(model).repairsMax(1).build(), "Go"))
        .isEqualTo(new Outcome.Completed<>("Done."));
  }

  @Test
  void missingAndRepeatedCallIdsAreReplaced() {
    var model =
        ScriptedModel.of(
            calls(
                request("", "findOrder", "{\"orderId\":\"1\"}"),
                request("x", "findOrder", "{\"orderId\":\"2\"}"),
                request("x", "findOrder", "{\"orderId\":\"3\"}")),
            calls(request("x", "findOrder", "{\"orderId\":\"4\"}")),
            text("Done."));

    bench.run(agent(model).build(), "Go");

    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::id)
        .containsExactly("call-0-0", "x", "call-0-2", "call-1-0");
    assertThat(results(model).get(2).text()).contains("\"id\":\"3\"");
  }

  /** Two reads that wait for each other. */
  static final class Meeting {
    private final CountDownLatch both = new CountDownLatch(2);

    @Effect(Contract.READ)
    @Tool
    String meet(String name) throws InterruptedException {
      both.countDown();
      return both.await(10, TimeUnit.SECONDS) ? "met " + name : "alone";
    }
  }

  @Test
  void readsOfOneReplyRunSideBySide() {
    var model =
        ScriptedModel.of(
            calls(
                request("a", "meet", "{\"name\":\"ann\"}"),
                request("b", "meet", "{\"name\":\"bob\"}")),
            text("Done."));

    bench.run(agent(model).tools(new Meeting()).build(), "Go");

    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::text)
        .containsExactly("met ann", "met bob");
    assertThat(bench.entries(Entry.StepAnswered.class))
        .extracting(entry -> entry.path().text())
        .containsExactlyInAnyOrder(
            "scope:turn#0/par:tools#0/branch:0/tool:meet#0",
            "scope:turn#0/par:tools#0/branch:1/tool:meet#0");
  }

  @Test
  void callsThatChangeSomethingRunInTheModelsOrder() {
    var model =
        ScriptedModel.of(
            calls(
                request("a", "call", "{\"number\":\"1\"}"),
                request("b", "call", "{\"number\":\"2\"}"),
                request("c", "findOrder", "{\"orderId\":\"17\"}"),
                request("d", "call", "{\"number\":\"3\"}")),
            text("Done."));

    bench.run(agent(model).build(), "Go");

    assertThat(shop.calls).containsExactly("1", "2", "3");
    assertThat(bench.entries(Entry.ScopeOpened.class)).hasSize(1);
  }

  @Test
  void aFactIsNotRepeatedForAModelThatAsksAgain() {
    var model =
        ScriptedModel.of(
            call("refund", "{\"orderId\":\"17\",\"amount\":30}"),
            calls(request("again", "refund", "{\"amount\":30,\"orderId\":\"17\"}")),
            text("Done."));

    bench.run(agent(model).build(), "Go");

    assertThat(shop.moneyMoved).containsExactly("17:30");
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::text)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("{\"amount\":30,\"refund\":\"r-17\"}"),
            second ->
                assertThat(second)
                    .startsWith("{\"amount\":30,\"refund\":\"r-17\"}")
                    .contains("nothing was repeated"));
  }

  @Test
  void aFactWithOtherArgumentsIsShownAsAConflict() {
    var model =
        ScriptedModel.of(
            call("refund", "{\"orderId\":\"17\",\"amount\":30}"),
            calls(request("again", "refund", "{\"orderId\":\"17\",\"amount\":60}")),
            text("Done."));

    bench.run(agent(model).build(), "Go");

    assertThat(shop.moneyMoved).containsExactly("17:30");
    assertThat(results(model).getLast().text()).contains("conflict", "30", "60");
    assertThat(results(model).getLast().isError()).isTrue();
  }

  /** Tools whose results end a turn, or say no. */
  static final class Exits {
    @Effect(Contract.READ)
    @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
    String handOver(String to) {
      return "You are talking to " + to + " now.";
    }

    @Effect(value = Contract.KEYED, rejections = "Error:")
    @Tool
    String cancel(String orderId, IdempotencyKey key) {
      return "Error: " + orderId + " has been delivered";
    }

    @Effect(Contract.READ)
    @Tool
    String book(int pages) {
      return "x".repeat(pages * 1_000);
    }
  }

  @Test
  void anImmediateResultEndsTheTurn() {
    var model = ScriptedModel.of(call("handOver", "{\"to\":\"Ann\"}"));

    Outcome<String> outcome = bench.run(agent(model).tools(new Exits()).build(), "A person!");

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("You are talking to Ann now."));
    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void aDeclaredRefusalReachesTheModelAndNothingCountsAsDone() {
    var model = ScriptedModel.of(call("cancel", "{\"orderId\":\"17\"}"), text("It is too late."));

    bench.run(agent(model).tools(new Exits()).build(), "Cancel it");

    assertThat(results(model).getLast().text()).isEqualTo("Error: 17 has been delivered");
    assertThat(bench.entries(Entry.EffectGaveUp.class)).hasSize(1);
  }

  @Test
  void aLongResultIsCutAndSaysSo() {
    var model = ScriptedModel.of(call("book", "{\"pages\":70}"), text("Long."));

    bench.run(agent(model).tools(new Exits()).build(), "Read");

    assertThat(results(model).getLast().text())
        .hasSizeLessThan(66_000)
        .endsWith("\n[truncated: 65,536 of 70,000 characters are shown]");
    assertThat(bench.entries(Entry.StepAnswered.class).getLast().result().text())
        .hasSizeGreaterThan(70_000);
  }

  @Test
  void aRecordedCallIsNeitherCheckedNorExecuted() {
    var model =
        ScriptedModel.of(call("refund", "think: is this right?"), call("made/up", "{}"), text("."));
    Agent<String> agent = agent(model).answeredFromRecord(asked -> Optional.of("noted")).build();

    bench.run(agent, "Go");

    assertThat(shop.moneyMoved).isEmpty();
    assertThat(results(model))
        .extracting(ToolExecutionResultMessage::text)
        .containsExactly("noted", "noted");
    assertThat(bench.entries(Entry.StepAnswered.class))
        .extracting(entry -> entry.path().segment())
        .containsExactly("tool:refund#0", "tool:made.up#0");
  }

  @Test
  void anAnswerThatWasCutOffIsNoAnswer() {
    var model = ScriptedModel.of(text("Your refund of").finish(FinishReason.LENGTH));

    assertThat(bench.run(agent(model).build(), "Go"))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class, each -> assertThat(each.limit()).isEqualTo("reply"));
  }

  @Test
  void aCallOfAReplyThatWasCutOffIsNotExecuted() {
    var model =
        ScriptedModel.of(
            call("refund", "{\"orderId\":\"17\",\"amount\":30}").finish(FinishReason.LENGTH));

    assertThat(bench.run(agent(model).build(), "Go")).isInstanceOf(Outcome.Truncated.class);
    assertThat(bench.entries(Entry.OfStep.class))
        .extracting(entry -> entry.path().kind())
        .doesNotContain("tool");
  }

  @Test
  void aReplyThatWasWithheldFailsTheRun() {
    var model = ScriptedModel.of(text("").finish(FinishReason.CONTENT_FILTER));

    assertThat(bench.run(agent(model).build(), "Go"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.reason()).contains("content-filter"));
  }

  @Test
  void anEmptyAnswerIsAskedForAgain() {
    var model = ScriptedModel.of(text(" "), text("Hello."));

    assertThat(bench.run(agent(model).build(), "Hi")).isEqualTo(new Outcome.Completed<>("Hello."));
  }
}
