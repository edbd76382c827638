package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.calls;
import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Recorded;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent and a real MCP server in another process that is killed, slow and hostile. */
class McpToolsTest {
  private static final Reply RESERVE = call("reserve", "{\"sku\":\"lamp\",\"amount\":\"2\"}");
  private static final Reply FIND = call("find", "{\"sku\":\"lamp\"}");

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

  private Outcome<String> run(ScriptedModel model) {
    return bench.run(Agent.named("desk").model(model).tools(server).build(), "two lamps please");
  }

  private static ScriptedModel script(Reply first) {
    return ScriptedModel.of(first, text("done"));
  }

  @Test
  void aKeyedToolGetsTheRunsKeyInMeta() {
    Outcome<String> outcome = run(script(RESERVE));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).containsExactly("reserve {amount=2, sku=lamp}");
    assertThat(stock.keys("reserve")).containsExactly(keyOf("run-1"));
  }

  /** The key that the journal holds for the run's reservation. */
  private String keyOf(String run) {
    return bench.entries(run).stream()
        .map(Recorded::entry)
        .filter(Entry.EffectIntended.class::isInstance)
        .map(Entry.EffectIntended.class::cast)
        .filter(entry -> entry.path().name().equals("reserve"))
        .map(entry -> entry.key().text())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallThatNeedsAnApprovalReachesTheServerOnlyAfterIt() {
    Approval.Terms terms = Approval.by("ann").within(Duration.ofDays(1));
    try (McpServer gated =
        stock.server().contracts(Stock.CONTRACTS.approve("res*", terms)).build()) {
      Agent<String> desk = Agent.named("desk").model(script(RESERVE)).tools(gated).build();
      Handle<String> handle = bench.start(desk, "run-1", "two lamps please");
      Client client = bench.engine().client();
      Awaitility.await().until(() -> !client.questions("run-1").isEmpty());
      assertThat(stock.keys("reserve")).isEmpty();

      client.approve("run-1", client.questions("run-1").getFirst(), true, "ann", "fine");

      assertThat(handle.await(Bench.DEADLINE)).isEqualTo(new Outcome.Completed<>("done"));
      assertThat(stock.keys("reserve")).containsExactly(keyOf("run-1"));
    }
  }

  @Test
  void runsSideBySideDoNotMixUpTheirKeys() {
    Agent<String> desk = Agent.named("desk").model(script(RESERVE)).tools(server).build();
    List<String> runs = IntStream.range(0, 30).mapToObj(i -> "order-" + i).toList();
    var handles = runs.stream().map(id -> bench.start(desk, id, "two lamps please")).toList();

    assertThat(handles)
        .allSatisfy(each ->
            assertThat(each.await(Bench.DEADLINE)).isEqualTo(new Outcome.Completed<>("done")));
    assertThat(stock.keys("reserve"))
        .containsExactlyInAnyOrderElementsOf(runs.stream().map(this::keyOf).toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void callsSideBySideKeepTheirOwnKeysAndReadsHaveNone() {
    var requests =
        IntStream.range(0, 20)
            .mapToObj(i -> request("c" + i, "find", "{\"sku\":\"s" + i + "\"}"))
            .toArray(dev.langchain4j.agent.tool.ToolExecutionRequest[]::new);
    Outcome<String> outcome = run(script(calls(requests)));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("find")).hasSize(20);
    assertThat(stock.keys("find")).hasSize(20).containsOnly("-");
  }

  @Test
  void aServerThatWasKilledBetweenTwoCallsIsStartedAgain() {
    var model =
        ScriptedModel.deciding(asked -> {
          if (asked.messages().size() > 2) {
            return text("done");
          }
          stock.kill();
          return RESERVE;
        });
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(stock.keys("reserve")).hasSize(1);
    assertThat(stock.starts()).hasSize(2);
  }

  @Test
  void aKeyedCallWhoseServerDiesAfterItsEffectIsRepeatedWithTheSameKey() {
    stock.fault("kill-after-effect");
    Outcome<String> outcome = run(script(RESERVE));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(stock.keys("reserve")).hasSize(2);
    assertThat(stock.keys("reserve").stream().distinct()).hasSize(1);
    assertThat(bench.entries(Entry.AttemptFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class));
  }

  @Test
  void aKeyedCallWhoseServerDiesBeforeItsEffectHasItOnce() {
    stock.fault("kill-before-effect");
    Outcome<String> outcome = run(script(RESERVE));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
  }

  @Test
  void aReadWhoseServerDiesIsRepeated() {
    stock.fault("kill-after-effect");
    Outcome<String> outcome = run(script(FIND));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("find")).hasSize(2);
  }

  @Test
  void aLateAnswerIsNoneAndTheKeySavesTheEffect() {
    stock.fault("slow-after-effect");
    Outcome<String> outcome = run(script(RESERVE));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(stock.keys("reserve")).hasSize(2);
    assertThat(bench.entries(Entry.AttemptFailed.class))
        .extracting(failed -> failed.failure().code())
        .containsExactly("timeout");
    assertThat(stock.starts()).hasSize(1);
    assertThat(stock.wire()).anyMatch(line -> line.contains("notifications/cancelled"));
  }

  @Test
  void aOnceToolWhoseServerDiesIsInDoubtAndNeverRepeated() {
    server.close();
    server = stock.server().contracts(Contracts.of("*", Contract.ONCE)).build();
    stock.fault("kill-after-effect");
    var handle =
        bench.start(
            Agent.named("desk").model(script(RESERVE)).tools(server).build(), "run-1", "two lamps");

    assertThat(handle.await(Bench.DEADLINE)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stock.keys("reserve")).hasSize(1);
    assertThat(bench.entries(Entry.EffectDoubted.class)).hasSize(1);
  }

  @Test
  void aOnceToolThatIsSlowIsInDoubtToo() {
    server.close();
    server = stock.server().contracts(Contracts.of("*", Contract.ONCE)).build();
    stock.fault("slow-before-effect");
    var handle =
        bench.start(
            Agent.named("desk").model(script(RESERVE)).tools(server).build(), "run-1", "two lamps");

    assertThat(handle.await(Bench.DEADLINE)).isInstanceOf(Outcome.InDoubt.class);
  }

  @Test
  void aServerThatDiesAtEveryCallIsGivenUpForAReadAndAskedAboutForAnEffect() {
    stock.write("always", "kill-after-effect");
    Outcome<String> read = run(script(FIND));
    assertThat(read).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.keys("find")).hasSize(5);

    Agent<String> desk = Agent.named("other").model(script(RESERVE)).tools(server).build();
    Outcome<String> effect = bench.start(desk, "run-2", "two lamps").await(Bench.DEADLINE);
    assertThat(effect).isInstanceOf(Outcome.Quarantined.class);
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(stock.starts()).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void garbageAndDuplicatesOnTheServersOutputDoNoHarm() {
    stock.write("twice", "");
    stock.fault("garbage");
    var model = ScriptedModel.of(RESERVE, FIND, text("done"));
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(stock.starts()).hasSize(1);
    assertThat(model.shown()).noneMatch(shown -> shown.contains("hunter2"));
    assertThat(bench.journaled("run-1")).doesNotContain("hunter2");
  }

  @Test
  void anAnswerOfAnySizeIsAnAnswerButNotKept() {
    stock.fault("huge");
    var model = script(RESERVE);
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.keys("reserve")).hasSize(1);
    assertThat(model.shown()).anyMatch(shown -> shown.contains("bytes and is left out]"));
    assertThat(bench.journaled("run-1")).hasSizeLessThan(20_000);
  }

  @Test
  void aLongResultIsCutForTheModelAndForTheJournal() {
    server.close();
    server = stock.server().resultCharactersMax(1_000).build();
    stock.fault("large");
    var model = script(FIND);
    run(model);

    assertThat(model.shown()).anyMatch(shown -> shown.contains("[truncated: 1,000 of 200,000"));
    assertThat(bench.journaled("run-1")).hasSizeLessThan(20_000);
  }

  @Test
  void aToolsOwnErrorIsAResultThatIsMarkedAndNotRepeated() {
    stock.fault("error");
    var model = script(RESERVE);
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.keys("reserve")).hasSize(1);
    assertThat(model.shown())
        .anyMatch(shown -> shown.contains("tool_error") && shown.contains("isError=true"));
  }

  @Test
  void refusedArgumentsReachTheModelAndNothingIsRepeated() {
    stock.fault("refuse");
    var model = script(RESERVE);
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).isEmpty();
    assertThat(model.shown()).anyMatch(shown -> shown.contains("the amount is odd"));
    assertThat(bench.entries(Entry.EffectGaveUp.class))
        .singleElement()
        .satisfies(gave -> assertThat(gave.failure()).isInstanceOf(Failure.Rejected.class));
  }

  @Test
  void anInternalErrorLeavesOpenWhatHappenedAndItsTextStaysOut() {
    stock.fault("break");
    var model = script(RESERVE);
    Outcome<String> outcome = run(model);

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stock.booked("reserve")).hasSize(1);
    assertThat(model.shown()).noneMatch(shown -> shown.contains("db-7"));
    assertThat(bench.journaled("run-1")).doesNotContain("db-7").contains("rpc-32603");
  }
}
