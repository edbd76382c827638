package dev.holdfast.langchain4jauto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agents.Durable;
import dev.holdfast.agents.DurableServices;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AiServices that know nothing of Holdfast, with its jar beside them. */
class DurableFactoryTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  interface Desk {
    String chat(String message);
  }

  private Holdfast holdfast;

  @BeforeEach
  void open(@TempDir Path directory) {
    holdfast = Holdfast.open(directory.resolve("auto.db"));
  }

  @AfterEach
  void close() {
    holdfast.close();
    System.clearProperty(DurableFactory.OUTSIDE);
  }

  private Outcome<String> run(Workflow<String, String> workflow) {
    holdfast.register(workflow);
    return holdfast.start(workflow, "run-1", "go").await(DEADLINE);
  }

  @Test
  void anAgentThatIsBuiltAsEverIsJournaledWithinARun() {
    var model = ScriptedModel.of(Reply.text("hello"));
    Desk desk = AiServices.builder(Desk.class).chatModel(model).build();
    var workflow =
        Workflow.of("desk", String.class, String.class).body((run, text) -> desk.chat(text));
    assertThat(run(workflow)).isEqualTo(new Outcome.Completed<>("hello"));
    assertThat(holdfast.start(workflow, "run-1", "go").await(DEADLINE))
        .isEqualTo(new Outcome.Completed<>("hello"));
    assertThat(model.requests()).hasSize(1);
    assertThatThrownBy(() -> desk.chat("go")).hasMessageContaining("outside of a run");
  }

  @Test
  void thePropertyLetsCallsThroughOutsideOfRuns() {
    System.setProperty(DurableFactory.OUTSIDE, "warn");
    var model = ScriptedModel.of(Reply.text("hello"));
    assertThat(AiServices.builder(Desk.class).chatModel(model).build().chat("go"))
        .isEqualTo("hello");
    System.setProperty(DurableFactory.OUTSIDE, "perhaps");
    assertThatThrownBy(() -> AiServices.builder(Desk.class))
        .hasMessageContaining("it must be refuse or warn");
  }

  @Test
  void theExplicitWayStaysOneDecoration() {
    var builder = Durable.aiServices(Desk.class);
    assertThat(builder).isInstanceOf(DurableServices.class);
    Desk desk = builder.chatModel(ScriptedModel.of(Reply.text("hello"))).build();
    var workflow =
        Workflow.of("desk", String.class, String.class).body((run, text) -> desk.chat(text));
    assertThat(run(workflow)).isEqualTo(new Outcome.Completed<>("hello"));
  }

  /** Writes a story. */
  public interface Writer {
    @UserMessage("Write about {{topic}}.")
    @Agent("writes")
    String write(@V("topic") String topic);
  }

  /** Shortens one. */
  public interface Editor {
    @UserMessage("Shorten: {{story}}")
    @Agent("shortens")
    String shorten(@V("story") String story);
  }

  /** A press that may be busy. */
  static final class Press {
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isBusy = new AtomicBoolean();

    @Effect(Contract.KEYED)
    @Tool
    String print(String text, IdempotencyKey key) {
      if (isBusy.get()) {
        throw KnownFailure.tryLater("busy", "later", Optional.of(Duration.ofHours(1)));
      }
      printed.add(text);
      return "printed";
    }
  }

  private static UntypedAgent sequence(ScriptedModel model, Press press) {
    Writer writer =
        AgenticServices.agentBuilder(Writer.class).chatModel(model).outputKey("story").build();
    Editor editor =
        AgenticServices.agentBuilder(Editor.class)
            .chatModel(model)
            .tools(press)
            .outputKey("short")
            .build();
    return AgenticServices.sequenceBuilder().subAgents(writer, editor).outputKey("short").build();
  }

  private static ScriptedModel house() {
    return ScriptedModel.deciding(asked -> {
      String all = asked.messages().toString();
      if (all.contains("Write about")) {
        return Reply.text("a long story");
      }
      return all.contains("printed") || all.contains("not_sent")
          ? Reply.text("short")
          : Reply.call("print", "{\"text\":\"short\"}");
    });
  }

  private static Workflow<String, String> printing(ScriptedModel model, Press press) {
    return Workflow.of("press", String.class, String.class)
        .body(
            (run, topic) -> String.valueOf(sequence(model, press).invoke(Map.of("topic", topic))));
  }

  @Test
  void aSequenceOfAgentsIsJournaledCallByCall() {
    var model = house();
    var press = new Press();
    var workflow = printing(model, press);
    assertThat(run(workflow)).isEqualTo(new Outcome.Completed<>("short"));
    assertThat(press.printed).containsExactly("short");
    assertThat(model.requests()).hasSize(3);
  }

  @Test
  void aWaitUnwindsThroughTheWrappersOfASequence() {
    var model = house();
    var press = new Press();
    press.isBusy.set(true);
    var workflow = printing(model, press);
    holdfast.register(workflow);
    assertThat(holdfast.start(workflow, "run-1", "go").await(Duration.ofMillis(1_500)))
        .isInstanceOf(Outcome.Waiting.class);
    assertThat(press.printed).isEmpty();
    assertThat(model.requests()).hasSize(2);
  }
}
