package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.calls;
import static dev.holdfast.testing.ScriptedModel.Reply.request;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import java.nio.file.Path;
import java.util.stream.IntStream;
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
    var intended = bench.entries(Entry.EffectIntended.class).getLast();
    assertThat(stock.keys("reserve")).containsExactly(intended.key().text());
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
        .anyMatch(shown -> shown.contains("tool_error") && shown.contains("isError = true"));
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
