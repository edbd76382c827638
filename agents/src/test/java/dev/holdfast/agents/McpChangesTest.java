package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that change their tools while runs are under way. */
class McpChangesTest {
  private static final Reply FIND = call("find", "{\"sku\":\"lamp\"}");
  private static final Reply RESERVE = call("reserve", "{\"sku\":\"lamp\",\"amount\":\"2\"}");
  private static final Reply RESERVE_BY_UNIT =
      call("reserve", "{\"sku\":\"lamp\",\"amount\":\"2\",\"unit\":\"box\"}");

  private final Bench bench = new Bench();
  private Stock stock;
  private McpServer server;

  @BeforeEach
  void start(@TempDir Path directory) {
    stock = new Stock(directory);
    server = stock.server().build();
  }

  @AfterEach
  void close() {
    bench.close();
    server.close();
  }

  private Agent<String> agent(ScriptedModel model) {
    return Agent.named("desk").model(model).tools(server).build();
  }

  private List<Entry.StepAnswered> listings() {
    return bench.entries(Entry.StepAnswered.class).stream()
        .filter(entry -> entry.path().text().contains("mcp:tools"))
        .toList();
  }

  private static List<String> offered(ChatRequest request) {
    return request.toolSpecifications().stream().map(ToolSpecification::name).toList();
  }

  @Test
  void theToolsOfATurnAreJournaledWithContractAndDigest() {
    bench.run(agent(ScriptedModel.of(text("done"))), "hello");

    assertThat(listings())
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.result().text())
                .contains("\"name\":\"reserve\"", "\"contract\":\"KEYED\"", "\"digest\":\""));
  }

  @Test
  void aToolWhoseSchemaChangedIsNotCalledBeforeTheModelHasSeenIt() {
    stock.fault("change-to-another-schema");
    var model = ScriptedModel.of(FIND, RESERVE, RESERVE_BY_UNIT, text("done"));
    Outcome<String> outcome = bench.run(agent(model), "two lamps");

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).containsExactly("reserve {amount=2, sku=lamp, unit=box}");
    assertThat(model.shown()).anyMatch(shown -> shown.contains("tool_changed"));
    assertThat(listings()).hasSize(2);
    assertThat(bench.entries(Entry.EffectDoubted.class)).isEmpty();
  }

  @Test
  void aToolThatWasRemovedIsRefusedAndAnUndeclaredOneIsWithheld() {
    server.close();
    server =
        stock
            .server()
            .contracts(Contracts.of("find", Contract.READ).and("reserve", Contract.KEYED))
            .only("find", "reserve", "purge")
            .build();
    stock.fault("change-to-without-reserve");
    var model = ScriptedModel.of(FIND, RESERVE, RESERVE, text("done"));
    Outcome<String> outcome = bench.run(agent(model), "two lamps");

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.keys("reserve")).isEmpty();
    assertThat(offered(model.requests().get(1))).containsExactly("find", "reserve");
    assertThat(offered(model.requests().get(2))).containsExactly("find");
    assertThat(model.shown())
        .anyMatch(shown -> shown.contains("tool_changed"))
        .anyMatch(shown -> shown.contains("unknown_tool"));
    assertThat(listings().getLast().result().text())
        .contains("\"name\":\"purge\"", "nobody declared its contract");
  }

  @Test
  void anotherDescriptionIsAChangeToo() {
    stock.fault("change-to-poisoned");
    var model = ScriptedModel.of(FIND, RESERVE, text("done"));
    bench.run(agent(model), "two lamps");

    assertThat(stock.keys("reserve")).isEmpty();
    assertThat(model.shown()).anyMatch(shown -> shown.contains("tool_changed"));
  }

  /** Two turns with the engine's process gone in between. */
  private static final class TwoTurns implements Workflow<String, String> {
    private final Agent<String> agent;

    TwoTurns(Agent<String> agent) {
      this.agent = agent;
    }

    @Override
    public String name() {
      return "two-turns";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public Class<String> inputType() {
      return String.class;
    }

    @Override
    public Class<String> outputType() {
      return String.class;
    }

    @Override
    public String execute(Run run, String message) {
      var talk = agent.converse(run);
      return talk.say(message).text() + " " + talk.say("and then?").text();
    }
  }

  @Test
  void eachTurnListsAnewAndSchemasThatAreKnownAreNotKeptTwice() {
    var model = ScriptedModel.of(FIND, text("one"), text("two"));
    Outcome<String> outcome = bench.run(new TwoTurns(agent(model)), "two lamps");

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("one two"));
    assertThat(listings()).hasSize(2);
    assertThat(listings().getFirst().result().text()).contains("Finds an article");
    assertThat(listings().getLast().result().text())
        .contains("\"digest\"")
        .doesNotContain("Finds an article");
  }

  @Test
  void aContractIsNotWeakenedWithinAConversation() {
    var strict = stock.server().contracts(Contracts.of("*", Contract.ONCE)).build().source();
    var listing = strict.list(Map.of(), Set.of());
    assertThat(listing.tools()).extracting(Listing.Tool::contract).containsOnly(Contract.ONCE);

    var lenient = stock.server().contracts(Contracts.of("*", Contract.READ)).build().source();
    var again = lenient.list(Map.of("find", Contract.ONCE), Set.of());
    assertThat(again.tools())
        .filteredOn(tool -> tool.name().equals("find"))
        .extracting(Listing.Tool::contract)
        .containsExactly(Contract.ONCE);
    strict.close();
    lenient.close();
  }

  @Test
  void aCallThatWasRecordedUnderAWeakerContractIsNotRepeatedUnderIt() {
    stock.write("always", "slow-before-effect");
    var model = ScriptedModel.of(FIND, text("done"));
    bench.start(agent(model), "run-1", "two lamps");
    await().until(() -> stock.wire().stream().anyMatch(line -> line.contains("tools/call")));
    McpServer before = server;
    server = stock.server().contracts(Contracts.of("*", Contract.ONCE)).build();
    Agent<String> redeployed = agent(model);
    bench.crashAndReopen(redeployed);
    before.close();

    var handle = bench.engine().find("run-1", String.class);
    assertThat(handle.await(Bench.DEADLINE)).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(model.shown()).anyMatch(shown -> shown.contains("tool_changed"));
    assertThat(listings().getLast().result().text())
        .contains("\"contract\":\"ONCE\"")
        .doesNotContain("\"contract\":\"READ\"");
  }

  @Test
  void aReplaySeesTheRecordedToolsAfterTheServerHasChangedThem() throws Exception {
    var asked = new CountDownLatch(2);
    var model =
        ScriptedModel.deciding(request -> {
          asked.countDown();
          if (request.messages().size() == 1) {
            return FIND;
          }
          if (stock.starts().size() == 1) {
            hang();
          }
          return text("done");
        });
    bench.start(agent(model), "run-1", "two lamps");
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    stock.tools("without-reserve");
    stock.kill();
    assertThat(server.source().connection()).isNotNull();
    bench.crashAndReopen(agent(model));

    var handle = bench.engine().find("run-1", String.class);
    assertThat(handle.await(Bench.DEADLINE)).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(listings()).hasSize(1);
    assertThat(bench.entries(Entry.InputDrifted.class)).isEmpty();
    assertThat(offered(model.requests().getLast())).contains("reserve");
  }

  private static void hang() {
    try {
      TimeUnit.MINUTES.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
