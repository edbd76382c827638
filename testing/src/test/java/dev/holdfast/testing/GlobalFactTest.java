package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A business fact named by several runs happens at most once in the store. */
class GlobalFactTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final StepPath PAY = StepPath.ROOT.child("effect", "pay", 0);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  /** Pays the run's input for order 17; tells what it was refused with. */
  private Workflow<String, String> payment(Contract contract) {
    return Workflow.of("payment", String.class, String.class)
        .body((run, amount) -> {
          try {
            return run.effect(
                "pay",
                amount,
                stage.world.effect(contract).oncePer(Intent.Scope.GLOBAL, "refund", 17));
          } catch (EffectFailed failed) {
            return failed.failure().code();
          }
        });
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  private Fact row() {
    return stage.journal().fact("refund[17]").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"READ"},
      mode = EnumSource.Mode.EXCLUDE)
  void theSecondRunGetsTheFirstOutcome(Contract contract) {
    Workflow<String, String> workflow = payment(contract);
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.start(workflow, "a", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR"));
    assertThat(stage.settled(engine.start(workflow, "b", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR"));

    assertThat(stage.world.calls("10 EUR")).isEqualTo(1);
    assertThat(stage.entries("b", Entry.EffectSucceeded.class))
        .extracting(Entry.EffectSucceeded::origin)
        .containsExactly(Entry.Origin.DEDUPLICATED);
    assertThat(row().state()).isEqualTo(Fact.State.HAPPENED);
  }

  @Test
  void anotherInputIsAConflictAndNothingIsSent() {
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "a", "10 EUR"));

    assertThat(stage.settled(engine.start(workflow, "b", "20 EUR")))
        .isEqualTo(completed("intent-conflict"));

    assertThat(stage.world.calls("20 EUR")).isZero();
    assertThat(stage.entries("b", Entry.EffectGaveUp.class).getFirst().failure().message())
        .contains("10 EUR", "20 EUR", "run a");
  }

  @Test
  void aRunWaitsForTheOneThatIsAtItAndIsWokenByItsEnd() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failBefore(
        "10 EUR",
        () -> {
          begun.countDown();
          assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
        });
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> first = engine.start(workflow, "a", "10 EUR");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    Handle<String> second = engine.start(workflow, "b", "10 EUR");
    assertThat(stage.parked(second).getFirst())
        .isInstanceOfSatisfying(
            Wait.HeldFact.class, held -> assertThat(held.holder().text()).isEqualTo("a"));
    assertThat(second.outcome())
        .isInstanceOfSatisfying(
            Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.HELD_INTENT));
    go.countDown();

    assertThat(stage.settled(first)).isEqualTo(completed("answer to 10 EUR"));
    assertThat(stage.settled(second)).isEqualTo(completed("answer to 10 EUR"));
    assertThat(stage.world.calls("10 EUR")).isEqualTo(1);
  }

  @Test
  void whoWaitsTooLongIsRefusedAndNothingIsSent() {
    stage.world.failBefore("10 EUR", () -> later());
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> first = engine.start(workflow, "a", "10 EUR");
    stage.parked(first);
    Handle<String> second = engine.start(workflow, "b", "10 EUR");
    stage.parked(second);

    stage.clock.advance(Duration.ofMinutes(10));

    assertThat(stage.settled(second)).isEqualTo(completed("intent-held"));
    assertThat(stage.world.calls("10 EUR")).isEqualTo(1);
    stage.clock.advance(HOUR);
    assertThat(stage.settled(first)).isEqualTo(completed("answer to 10 EUR"));
  }

  private static void later() {
    throw KnownFailure.tryLater("429", "", Optional.of(HOUR));
  }

  @Test
  void aRefusalFreesTheFactForAnotherRunUnderANewKey() {
    stage.world.failBefore(
        "10 EUR",
        () -> {
          throw KnownFailure.rejected("no", "closed");
        });
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    assertThat(stage.settled(engine.start(workflow, "a", "10 EUR"))).isEqualTo(completed("no"));

    assertThat(stage.settled(engine.start(workflow, "b", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR"));

    List<IdempotencyKey> keys = stage.world.keys("10 EUR");
    assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    assertThat(row().generation()).isEqualTo(1);
  }

  @Test
  void theKeyIsTheFactsAndNotTheRuns() {
    stage.limits(limits -> limits.retry(RetryPolicy.NEVER));
    stage.world.failBefore(
        "10 EUR",
        () -> {
          throw KnownFailure.notSent("connect", "refused");
        });
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    assertThat(stage.settled(engine.start(workflow, "a", "10 EUR")))
        .isEqualTo(completed("connect"));
    stage.settled(engine.start(workflow, "b", "10 EUR"));

    List<IdempotencyKey> keys = stage.world.keys("10 EUR");
    assertThat(keys).hasSize(2).containsOnly(keys.getFirst());
  }

  @Test
  void aDoubtHoldsTheFactUntilItIsSettled() {
    stage.world.failAfter(
        "10 EUR",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Workflow<String, String> workflow = payment(Contract.ONCE);
    Engine engine = stage.open(workflow);
    Handle<String> first = engine.start(workflow, "a", "10 EUR");
    assertThat(stage.settled(first)).isInstanceOf(Outcome.InDoubt.class);

    assertThat(stage.settled(engine.start(workflow, "b", "10 EUR")))
        .isEqualTo(completed("intent-in-doubt"));

    var result = engine.client().encode("found at the bank");
    engine.client().settle("a", PAY, new Verdict.Happened(result), "ann", "statement");
    assertThat(stage.settled(first)).isEqualTo(completed("found at the bank"));
    assertThat(stage.settled(engine.start(workflow, "c", "10 EUR")))
        .isEqualTo(completed("found at the bank"));
    assertThat(stage.world.happened("10 EUR")).isEqualTo(1);
  }

  @Test
  void aDoubtOutlivesTheCancelOfItsRunAndIsSettledInTheLedger() {
    stage.world.failAfter(
        "10 EUR",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Workflow<String, String> workflow = payment(Contract.ONCE);
    Engine engine = stage.open(workflow);
    Handle<String> first = engine.start(workflow, "a", "10 EUR");
    stage.settled(first);
    assertThatThrownBy(() -> settleAsNotHappened(engine))
        .isInstanceOf(RunException.MessageNotAccepted.class);

    engine.client().cancel("a", "ann", "a mistake");
    stage.settled(first);
    assertThat(cancelled(first).unsettled()).containsExactly(PAY);
    assertThat(stage.settled(engine.start(workflow, "b", "10 EUR")))
        .isEqualTo(completed("intent-in-doubt"));
    assertThat(stage.journal().facts(Fact.State.IN_DOUBT, 10)).containsExactly(row());

    settleAsNotHappened(engine);
    assertThat(row().settledBy()).isEqualTo("ann: asked the bank");
    assertThat(stage.settled(engine.start(workflow, "c", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR"));
  }

  private static void settleAsNotHappened(Engine engine) {
    engine.client().settleFact("refund[17]", new Verdict.DidNotHappen(), "ann", "asked the bank");
  }

  /** The end of a run, seen once it is there: a doubt is an outcome too. */
  private Outcome.Cancelled<String> cancelled(Handle<String> handle) {
    org.awaitility.Awaitility.await()
        .until(() -> handle.outcome() instanceof Outcome.Cancelled<String>);
    return (Outcome.Cancelled<String>) handle.outcome();
  }

  @Test
  void branchesOfOneRunShareTheFactToo() {
    Workflow<String, String> workflow =
        Workflow.of("both", String.class, String.class)
            .body((run, amount) ->
                String.join(
                    "|", run.parallel("two", List.of(branch("l", amount), branch("r", amount)))));

    assertThat(stage.settled(stage.open(workflow).start(workflow, "a", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR|answer to 10 EUR"));
    assertThat(stage.world.calls("10 EUR")).isEqualTo(1);
  }

  private Run.Branch<String> branch(String label, String amount) {
    return new Run.Branch<>(label, run -> pay(run, amount));
  }

  private String pay(Run run, String amount) {
    return run.effect(
        "pay",
        amount,
        stage.world.effect(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, "refund", 17));
  }

  @Test
  void whatARunDidNotSendIsFreeOnceItIsCancelled() {
    stage.world.failBefore("10 EUR", () -> later());
    Workflow<String, String> workflow = payment(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> first = engine.start(workflow, "a", "10 EUR");
    stage.parked(first);

    engine.client().cancel("a", "ann", "a mistake");
    assertThat(cancelled(first).unsettled()).isEmpty();

    assertThat(stage.settled(engine.start(workflow, "b", "10 EUR")))
        .isEqualTo(completed("answer to 10 EUR"));
    assertThat(stage.entries("b", Entry.EffectGaveUp.class))
        .extracting(Entry.EffectGaveUp::failure)
        .doesNotHaveAnyElementsOfTypes(Failure.NotSent.class);
  }
}
