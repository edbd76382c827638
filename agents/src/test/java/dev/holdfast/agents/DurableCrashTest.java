package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agents.Desks.Remembering;
import dev.holdfast.agents.Desks.Store;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import dev.holdfast.testing.InMemoryJournal;
import dev.holdfast.testing.RecordedModel;
import dev.langchain4j.data.message.AiMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** LangChain4j's agent, crashed at every boundary, and the world's own count afterwards. */
class DurableCrashTest {
  private static final List<AiMessage> RECORDING =
      List.of(
          AiMessage.from(
              request("a", "findOrder", "{\"orderId\":\"17\"}"),
              request("b", "findOrder", "{\"orderId\":\"18\"}")),
          AiMessage.from(request("c", "refund", "{\"orderId\":\"17\",\"amount\":30}")),
          AiMessage.from(request("d", "sendMail", "{\"to\":\"ann\",\"text\":\"30 are coming\"}")),
          AiMessage.from(request("f", "label", "{\"orderId\":\"17\",\"label\":\"refunded\"}")),
          AiMessage.from("30 are on their way."));

  private static final class Scenario implements CrashHarness.Scenario {
    private final InMemoryJournal.Storage storage = new InMemoryJournal.Storage();
    private final Shop shop = new Shop();
    private final Store store = new Store();
    private final RecordedModel model = RecordedModel.of(RECORDING);

    private Workflow<String, String> workflow = fresh();

    private Workflow<String, String> fresh() {
      Remembering desk =
          Durable.aiServices(Remembering.class)
              .tools(shop)
              .chatModel(model)
              .chatMemoryProvider(store.window(20))
              .build();
      return Workflow.of("desk", String.class, String.class)
          .body((run, message) -> desk.chat("ann", message));
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      var engine =
          Engine.over(
              new InMemoryJournal(storage),
              JsonCodec.standard(),
              Settings.standard().faultPoints(faultPoints));
      workflow = fresh();
      engine.register(workflow);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.start(workflow, "ticket-42", "I was charged twice").run(Bench.DEADLINE))
          .isEqualTo("30 are on their way.");
    }

    @Override
    public void check() {
      assertThat(shop.moneyMoved).containsExactly("17:30");
      assertThat(shop.mails).containsExactly("ann: 30 are coming");
      assertThat(shop.labels).containsEntry("17", "refunded");
      assertThat(model.callsRedone()).isLessThanOrEqualTo(1);
      assertThat(store.written).isNotEmpty().allMatch(row -> row.equals(store.rows.get("ann")));
      assertThat(store.texts("ann"))
          .startsWith("user: I was charged twice", "calls: 2")
          .endsWith("reply: 30 are on their way.")
          .hasSize(11);
    }
  }

  @Test
  void nothingIsDoneTwiceWhereverTheProcessCrashes() {
    List<CrashHarness.Crash> crashes =
        CrashHarness.within(Duration.ofSeconds(30)).crashEverywhere(Scenario::new);

    assertThat(crashes).hasSizeGreaterThan(50);
    assertThat(crashes)
        .extracting(crash -> crash.path().segment())
        .contains(
            "model:chat#0",
            "model:chat#4",
            "tool:refund#0",
            "tool:sendMail#0",
            "memory:open#0",
            "memory:commit#0");
  }
}
