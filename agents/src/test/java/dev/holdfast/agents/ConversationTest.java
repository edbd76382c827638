package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conversations of many turns: what is journaled, and what a redeployment changes. */
class ConversationTest {
  private final Bench bench = new Bench();
  private final Shop shop = new Shop();

  @AfterEach
  void close() {
    bench.close();
  }

  private static ModelCall input(Entry.EffectIntended intended) {
    return (ModelCall)
        Objects.requireNonNull(
            JsonCodec.standard().decode(intended.call().input(), ModelCall.class));
  }

  private List<ModelCall> modelCalls() {
    return bench.entries(Entry.EffectIntended.class).stream()
        .filter(entry -> entry.path().kind().equals("model"))
        .map(ConversationTest::input)
        .toList();
  }

  private static Workflow<Integer, String> talk(Agent<String> agent) {
    return Workflow.of("talk", Integer.class, String.class)
        .body((run, turns) -> talk(agent, run, turns));
  }

  private static String talk(Agent<String> agent, Run run, int turns) {
    Conversation conversation = agent.converse(run);
    String last = "";
    for (int i = 0; i < turns; i++) {
      int number = i;
      String user = run.read("user", String.class, () -> "message " + number);
      last = conversation.say(user).text();
    }
    return last;
  }

  @Test
  void eachTurnIsAScopeAndTheModelSeesThemAll() {
    var model =
        ScriptedModel.of(
            text("one"), call("findOrder", "{\"orderId\":\"17\"}"), text("two"), text("three"));
    var agent = Agent.named("desk").model(model).instructions("Be kind.").tools(shop).build();

    String last = bench.start(talk(agent), "run-1", 3).run(Bench.DEADLINE);

    assertThat(last).isEqualTo("three");
    assertThat(bench.entries(Entry.ScopeOpened.class))
        .extracting(scope -> scope.path().text())
        .containsExactly("scope:turn#0", "scope:turn#1", "scope:turn#2");
    assertThat(model.requests().getLast().messages())
        .extracting(message -> message.type())
        .containsExactly(
            ChatMessageType.SYSTEM,
            ChatMessageType.USER,
            ChatMessageType.AI,
            ChatMessageType.USER,
            ChatMessageType.AI,
            ChatMessageType.TOOL_EXECUTION_RESULT,
            ChatMessageType.AI,
            ChatMessageType.USER);
  }

  @Test
  void aModelCallJournalsWhatIsNewAndADigestOfAll() {
    var model =
        ScriptedModel.of(text("one"), call("findOrder", "{\"orderId\":\"17\"}"), text("two"));
    var agent = Agent.named("desk").model(model).instructions("Be kind.").tools(shop).build();

    bench.start(talk(agent), "run-1", 2).run(Bench.DEADLINE);

    assertThat(modelCalls())
        .extracting(call -> call.added().stream().map(ModelCall.Said::role).toList())
        .containsExactly(List.of("system", "user"), List.of("user"), List.of("tool"));
    assertThat(modelCalls()).extracting(ModelCall::messages).containsExactly(2, 4, 6);
    assertThat(modelCalls()).extracting(ModelCall::context).doesNotHaveDuplicates();
    assertThat(modelCalls())
        .extracting(ModelCall::tools)
        .containsOnly(modelCalls().getFirst().tools());
  }

  private List<ModelCall> contexts(String instructions) {
    try (var fresh = new Bench()) {
      var agent =
          Agent.named("desk")
              .model(ScriptedModel.of(text("one"), text("two")))
              .instructions(instructions)
              .build();
      fresh.start(talk(agent), "run-1", 2).run(Bench.DEADLINE);
      return fresh.entries(Entry.EffectIntended.class).stream()
          .map(ConversationTest::input)
          .toList();
    }
  }

  @Test
  void theDigestDependsOnEveryMessageAndOnNothingElse() {
    assertThat(contexts("Be kind.")).isEqualTo(contexts("Be kind."));
    assertThat(contexts("Be kind.").getLast().context())
        .isNotEqualTo(contexts("Be brief.").getLast().context());
  }

  private int journaledBytes(int turns) {
    try (var fresh = new Bench()) {
      var agent =
          Agent.named("desk")
              .model(ScriptedModel.deciding(request -> text("I have understood that.")))
              .budget(Budget.steps(1_000).tokens(100_000_000))
              .build();
      fresh.start(talk(agent), "run-1", turns).run(Bench.DEADLINE);
      return fresh.journaled("run-1").length();
    }
  }

  @Test
  void twoHundredTurnsGrowLinearly() {
    int hundred = journaledBytes(100);
    int twoHundred = journaledBytes(200);

    assertThat((double) twoHundred / hundred).isBetween(1.9, 2.1);
    assertThat(twoHundred / 200).isLessThan(2_500);
  }

  /** A call that leaves its run in doubt, so that it can be redeployed in between. */
  static final class Phone {
    private boolean isBroken = true;

    @Effect(Contract.ONCE)
    @Tool
    String ring(String number) {
      if (isBroken) {
        throw new IllegalStateException("the line broke");
      }
      return "called " + number;
    }
  }

  /** The same tool after a redeployment that wants more. */
  static final class NewPhone {
    @Effect(Contract.ONCE)
    @Tool
    String ring(String number, String reason) {
      return "called " + number + " because of " + reason;
    }
  }

  @Test
  void aRunGoesOnWithAPromptAndToolsThatWereRedeployedAndRecordsTheChange() {
    var seen = new ArrayList<ChatRequest>();
    var model =
        ScriptedModel.deciding(request -> {
          seen.add(request);
          return request.messages().size() < 4
              ? call("ring", "{\"number\":\"1\"}")
              : text("I called.");
        });
    var before =
        Agent.named("desk").model(model).instructions("Be kind.").tools(new Phone()).build();
    var handle = bench.start(before, "run-1", "Call me");
    assertThat(handle.await(Bench.DEADLINE).isEnded()).isFalse();

    var after =
        Agent.named("desk").model(model).instructions("Be brief.").tools(new NewPhone()).build();
    bench.restart(after);
    bench
        .engine()
        .client()
        .settle(
            "run-1",
            new StepPath("scope:turn#0/tool:ring#0"),
            new Verdict.Happened(new Payload("\"called 1\"")),
            "ann",
            "I heard it");

    assertThat(bench.engine().find("run-1", String.class).run(Bench.DEADLINE))
        .isEqualTo("I called.");
    assertThat(bench.entries(Entry.InputDrifted.class))
        .extracting(drift -> drift.path().text())
        .containsExactly("scope:turn#0/model:chat#0");
    assertThat(seen).hasSize(2);
    assertThat(seen.getLast().messages().toString()).contains("Be brief.", "called 1");
  }
}
