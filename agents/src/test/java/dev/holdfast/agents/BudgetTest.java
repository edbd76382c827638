package dev.holdfast.agents;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a conversation may use, and what it is charged. */
class BudgetTest {
  private final Bench bench = new Bench();
  private final Shop shop = new Shop();

  @AfterEach
  void close() {
    bench.close();
  }

  private Agent<String> agent(ScriptedModel model, Budget budget) {
    return Agent.named("desk").model(model).tools(shop).budget(budget).build();
  }

  private static ScriptedModel endless() {
    return ScriptedModel.deciding(request -> call("findOrder", "{\"orderId\":\"17\"}"));
  }

  @Test
  void theLastAllowedModelCallIsTheLast() {
    var model = endless();

    Outcome<String> outcome = bench.run(agent(model, Budget.steps(3)), "Go");

    assertThat(outcome)
        .isEqualTo(
            new Outcome.Truncated<>(
                "steps", "3 model calls made, 3 allowed; raise Budget.steps and resume"));
    assertThat(model.requests()).hasSize(3);
  }

  @Test
  void aTruncatedRunGoesOnWithALargerBudget() {
    var model =
        ScriptedModel.of(
            call("findOrder", "{\"orderId\":\"17\"}"),
            call("findOrder", "{\"orderId\":\"18\"}"),
            text("Done."));
    assertThat(bench.run(agent(model, Budget.steps(2)), "Go"))
        .isInstanceOf(Outcome.Truncated.class);

    bench.restart(agent(model, Budget.steps(3)));
    bench.engine().client().resume("run-1", "ann", "it was worth it");

    assertThat(bench.engine().find("run-1", String.class).run(Bench.DEADLINE)).isEqualTo("Done.");
    assertThat(model.requests()).hasSize(3);
    assertThat(shop.lookups).hasValue(2);
  }

  @Test
  void aCallThatWouldExceedTheTokensIsNotMade() {
    var model = endless();

    Outcome<String> outcome = bench.run(agent(model, Budget.steps(30).tokens(4_000)), "Go");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Truncated.class,
            truncated -> {
              assertThat(truncated.limit()).isEqualTo("tokens");
              assertThat(truncated.facts()).contains("0 tokens used", "> 4,000 allowed");
            });
    assertThat(model.requests()).isEmpty();
  }

  private long charged(ScriptedModel model) {
    Workflow<String, Long> talk =
        Workflow.of("talk", String.class, Long.class)
            .body((Run run, String text) ->
                agent(model, Budget.DEFAULT).converse(run).say(text).tokensUsed());
    return bench.start(talk, "run-1", "Go").run(Bench.DEADLINE);
  }

  @Test
  void theUsageThatTheProviderToldIsCharged() {
    assertThat(charged(ScriptedModel.of(text("Hello.").usage(1_200, 34)))).isEqualTo(1_234);
  }

  @Test
  void aUsageThatWasNotToldIsChargedAsReserved() {
    assertThat(charged(ScriptedModel.of(text("Hello.").withoutUsage()))).isBetween(4_096L, 5_000L);
  }

  @Test
  void anAttemptWhoseAnswerWasLostIsChargedAsReserved() {
    var model =
        ScriptedModel.of(
            text("Hello.").usage(10, 5).failingFirst(2, () -> new InternalServerException("500")));

    assertThat(charged(model)).isBetween(2 * 4_096L + 15, 2 * 5_000L + 15);
  }

  @Test
  void anAttemptThatWasTurnedAwayIsFree() {
    var model =
        ScriptedModel.of(
            text("Hello.").usage(10, 5).failingFirst(2, () -> new RateLimitException("slow down")));

    assertThat(charged(model)).isEqualTo(15);
  }

  @Test
  void anAttemptThatACrashCutShortIsChargedAsReserved() throws InterruptedException {
    var asked = new CountDownLatch(1);
    var times = new AtomicInteger();
    var model =
        ScriptedModel.deciding(request -> {
          if (times.incrementAndGet() == 1) {
            asked.countDown();
            standStill();
          }
          return text("Hello.").usage(10, 5);
        });
    Workflow<String, Long> talk =
        Workflow.of("talk", String.class, Long.class)
            .body((Run run, String text) ->
                agent(model, Budget.DEFAULT).converse(run).say(text).tokensUsed());
    bench.start(talk, "run-1", "Go");
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    bench.crashAndReopen(talk);

    assertThat(bench.engine().find("run-1", Long.class).run(Bench.DEADLINE))
        .isBetween(4_096L + 15, 5_000L + 15);
  }

  private static void standStill() {
    try {
      TimeUnit.MINUTES.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException("crashed", e);
    }
  }
}
