package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.agent.tool.Tool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a tool call whose outcome nobody knows. */
class DoubtTest {
  private static final StepPath CALLED = new StepPath("scope:turn#0/tool:ring#0");

  private final Bench bench = new Bench();

  /** Calls that may have gone through. */
  static final class Phone {
    private final AtomicInteger rung = new AtomicInteger();

    @Effect(Contract.ONCE)
    @Tool
    String ring(String number) {
      rung.incrementAndGet();
      throw new IllegalStateException("the line broke");
    }

    @Effect(
        value = Contract.ONCE,
        oncePer = Intent.Scope.RUN,
        intent = "ring:{number}",
        onDoubt = DoubtPolicy.PROCEED)
    @Tool
    String tryToRing(String number) {
      return ring(number);
    }
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theRunStandsInDoubtUntilSomebodySays() {
    var phone = new Phone();
    var model = ScriptedModel.of(call("ring", "{\"number\":\"1\"}"), text("I have called."));
    var agent = Agent.named("desk").model(model).tools(phone).build();

    var handle = bench.start(agent, "run-1", "Call me");
    assertThat(handle.await(Bench.DEADLINE)).isInstanceOf(Outcome.InDoubt.class);
    bench
        .engine()
        .client()
        .settle(
            "run-1", CALLED, new Verdict.Happened(new Payload("\"called\"")), "ann", "I heard it");

    assertThat(handle.run(Bench.DEADLINE)).isEqualTo("I have called.");
    assertThat(phone.rung).hasValue(1);
    assertThat(model.shown()).anyMatch(shown -> shown.contains("called"));
  }

  @Test
  void aModelThatGoesOnIsToldThatNobodyKnows() {
    var phone = new Phone();
    var model =
        ScriptedModel.of(
            call("tryToRing", "{\"number\":\"1\"}"),
            call("tryToRing", "{\"number\":\"1\"}"),
            text("I do not know."));
    var agent = Agent.named("desk").model(model).tools(phone).build();

    Outcome<String> outcome = bench.run(agent, "Call me");

    assertThat(outcome).isNotInstanceOf(Outcome.Completed.class);
    assertThat(model.requests()).hasSize(3);
    assertThat(model.shown())
        .anyMatch(shown -> shown.contains("outcome_unknown"))
        .anyMatch(shown -> shown.contains("in_doubt"));
    assertThat(phone.rung).hasValue(1);
  }
}
