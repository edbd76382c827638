package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.structured.Description;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers as records: asked for, checked, repaired, never made up. */
class TypedAnswerTest {
  private static final String GOOD =
      """
      {"verdict":"REFUND","amount":30.10,"days":3,"items":[{"name":"lamp","broken":true}],\
      "due":"2026-01-31"}\
      """;
  private static final Resolution RESOLUTION =
      new Resolution(
          Verdict.REFUND,
          new BigDecimal("30.10"),
          3,
          List.of(new Item("lamp", true)),
          LocalDate.of(2026, 1, 31),
          Optional.empty());

  enum Verdict {
    REFUND,
    REFUSE
  }

  record Item(String name, boolean broken) {}

  record Resolution(
      Verdict verdict,
      @Description("in euros") BigDecimal amount,
      int days,
      List<Item> items,
      LocalDate due,
      Optional<String> note) {}

  record Picky(String text) {
    Picky {
      if (!text.startsWith("ok")) {
        throw new IllegalArgumentException("hunter2");
      }
    }
  }

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static Agent<Resolution> agent(ChatModel model) {
    return Agent.named("desk").model(model).answering(Resolution.class).build();
  }

  @Test
  void theSchemaIsAskedForAndTheAnswerRead() {
    var model = ScriptedModel.of(text(GOOD));

    assertThat(bench.run(agent(model), "Go")).isEqualTo(new Outcome.Completed<>(RESOLUTION));
    var asked = (UserMessage) model.requests().getFirst().messages().getFirst();
    assertThat(asked.singleText())
        .startsWith("Go\n")
        .contains(
            "\"enum\":[\"REFUND\",\"REFUSE\"]",
            "\"description\":\"in euros\"",
            "\"required\":[\"verdict\",\"amount\",\"days\",\"items\",\"due\"]");
  }

  @Test
  void theResultSurvivesARestart() {
    Agent<Resolution> agent = agent(ScriptedModel.of(text(GOOD)));
    bench.run(agent, "Go");

    bench.restart(agent);

    assertThat(bench.run(agent, "Go")).isEqualTo(new Outcome.Completed<>(RESOLUTION));
  }

  @Test
  void aFenceAroundTheAnswerIsForgiven() {
    var model = ScriptedModel.of(text("```json\n" + GOOD + "\n```"));

    assertThat(bench.run(agent(model), "Go")).isEqualTo(new Outcome.Completed<>(RESOLUTION));
  }

  @Test
  void aWrongAnswerIsShownItsProblems() {
    var model =
        ScriptedModel.of(
            text("I think a refund."),
            text("{\"verdict\":\"MAYBE\",\"amount\":\"30\",\"items\":[{}],\"due\":\"x\"}"),
            text("{\"verdict\":\"REFUND\",\"amount\":1,\"days\":3,\"items\":[],\"due\":\"soon\"}"),
            text(GOOD));

    assertThat(bench.run(agent(model), "Go")).isEqualTo(new Outcome.Completed<>(RESOLUTION));
    List<String> said =
        model.requests().getLast().messages().stream()
            .filter(UserMessage.class::isInstance)
            .map(message -> ((UserMessage) message).singleText())
            .toList();
    assertThat(said)
        .satisfiesExactly(
            asked -> assertThat(asked).startsWith("Go"),
            first -> assertThat(first).contains("it is no JSON"),
            second ->
                assertThat(second)
                    .contains(
                        "days: required, but missing",
                        "verdict: expected one of REFUND, REFUSE, got the string \"MAYBE\"",
                        "amount: expected a number, got the string \"30\"",
                        "items[0].name: required, but missing"),
            third -> assertThat(third).contains("a value does not fit the type Resolution"));
  }

  @Test
  void aModelThatAnswersNonsenseNeverCompletes() {
    var model = ScriptedModel.deciding(request -> text("Bananas."));

    assertThat(bench.run(agent(model), "Go"))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class,
            truncated -> {
              assertThat(truncated.limit()).isEqualTo("repairs");
              assertThat(truncated.facts()).contains("4 unusable replies", "it is no JSON");
            });
    assertThat(model.requests()).hasSize(4);
  }

  @Test
  void whatTheTypeItselfRefusesIsRefusedWithoutItsText() {
    var model = ScriptedModel.of(text("{\"text\":\"no\"}"), text("{\"text\":\"ok!\"}"));
    var agent = Agent.named("desk").model(model).answering(Picky.class).build();

    assertThat(bench.run(agent, "Go")).isEqualTo(new Outcome.Completed<>(new Picky("ok!")));
    assertThat(model.shown()).noneMatch(shown -> shown.contains("hunter2"));
  }

  /** A model that understands schemas, as some providers do. */
  private record Structured(ScriptedModel script) implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      return script.doChat(request);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
  }

  @Test
  void aModelThatUnderstandsSchemasGetsItAsTheResponseFormat() {
    var model = ScriptedModel.of(text(GOOD));

    bench.run(agent(new Structured(model)), "Go");

    ChatRequest request = model.requests().getFirst();
    assertThat(((UserMessage) request.messages().getFirst()).singleText()).isEqualTo("Go");
    assertThat(request.responseFormat().type()).isEqualTo(ResponseFormatType.JSON);
    assertThat(request.responseFormat().jsonSchema().name()).isEqualTo("Resolution");
  }

  /** A tool whose result is the answer. */
  static final class Closing {
    @Effect(Contract.READ)
    @Tool(returnBehavior = ReturnBehavior.IMMEDIATE)
    Item pick(String name) {
      return new Item(name, false);
    }
  }

  @Test
  void anImmediateResultIsReadAsTheAnswer() {
    var model = ScriptedModel.of(call("pick", "{\"name\":\"lamp\"}"));
    var agent = Agent.named("desk").model(model).tools(new Closing()).answering(Item.class).build();

    assertThat(bench.run(agent, "Go")).isEqualTo(new Outcome.Completed<>(new Item("lamp", false)));
  }

  record Tree(List<Tree> children) {}

  record Open(Object anything) {}

  @Test
  void typesThatNoSchemaDescribesAreRefusedWhenTheAgentIsBuilt() {
    for (Class<?> type : List.of(Integer.class, Tree.class, Open.class, Verdict.class)) {
      var builder = Agent.named("desk").model(ScriptedModel.of()).answering(type);
      assertThatThrownBy(builder::build)
          .as(type.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(type.getSimpleName());
    }
  }
}
