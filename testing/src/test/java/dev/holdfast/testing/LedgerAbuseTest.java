package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts of the ledger whose holders end, halt or are settled in unusual ways. */
class LedgerAbuseTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String FACT = "refund[17]";
  private static final StepPath PAY = StepPath.ROOT.child("effect", "pay", 0);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(String name, Function<Run, String> body) {
    return Workflow.of(name, String.class, String.class).body((run, input) -> body.apply(run));
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  private String pay(Run run, Contract contract) {
    return pay(run, stage.world.effect(contract));
  }

  private static String pay(Run run, Effect<String, String> effect) {
    try {
      return run.effect("pay", "10", effect.oncePer(Intent.Scope.GLOBAL, "refund", 17));
    } catch (EffectFailed failed) {
      return failed.failure().code();
    }
  }

  private Fact row() {
    return stage.journal().fact(FACT).orElseThrow();
  }

  private static void later() {
    throw KnownFailure.tryLater("429", "", Optional.of(HOUR));
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "lost");
  }

  private void cancelled(Engine engine, Handle<?> handle) {
    engine.client().cancel(handle.id().text(), "ann", "enough");
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Cancelled<?>);
  }

  private Workflow<String, String> truncated(AtomicBoolean truncate) {
    return workflow(
        "w",
        run -> {
          String paid = pay(run, unknownGoesOn());
          if (truncate.get()) {
            throw run.truncate("turns", "1 of 1");
          }
          return paid;
        });
  }

  @Test
  void aDoubtOfATruncatedRunIsThatRunsToSettle() {
    stage.world.failAfter("10", LedgerAbuseTest::lost);
    var truncate = new AtomicBoolean(true);
    Workflow<String, String> workflow = truncated(truncate);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "a", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Truncated.class);
    assertThat(row().state()).isEqualTo(Fact.State.IN_DOUBT);

    assertThatThrownBy(
            () -> engine.client().settleFact(FACT, new Verdict.DidNotHappen(), "ann", "asked"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("TRUNCATED");
    truncate.set(false);
    engine.client().resume("a", "ann", "more turns");
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.InDoubt<String>);
    engine.client().settle("a", PAY, happened(engine, "found"), "ann", "asked");

    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Completed<String>);
    assertThat(row().state()).isEqualTo(Fact.State.HAPPENED);
  }

  private Effect<String, String> unknownGoesOn() {
    return stage.world.effect(Contract.ONCE).onDoubt(dev.holdfast.journal.DoubtPolicy.PROCEED);
  }

  private static Verdict happened(Engine engine, Object result) {
    return new Verdict.Happened(engine.client().encode(result));
  }

  @Test
  void aSettlementThatCannotBeReadIsAskedForAgain() {
    Engine engine = stage.open();
    Handle<String> handle = inDoubt(engine);

    settleUnreadably(engine, handle);
    engine.client().settle("a", PAY, happened(engine, "found"), "ann", "asked");

    Awaitility.await()
        .untilAsserted(() -> assertThat(handle.outcome()).isEqualTo(completed("found")));
  }

  @Test
  void aSettlementThatCannotBeReadLetsTheRunBeCancelled() {
    Engine engine = stage.open();
    Handle<String> handle = inDoubt(engine);

    settleUnreadably(engine, handle);

    cancelled(engine, handle);
  }

  @Test
  void whatAPersonSaidToHaveHappenedIsNotTakenBackOnceOthersMayKnow() {
    Engine engine = stage.open();
    Handle<String> handle = inDoubt(engine);
    settleUnreadably(engine, handle);

    engine.client().settle("a", PAY, new Verdict.DidNotHappen(), "bob", "it did not");
    Awaitility.await().until(() -> !stage.entries("a", Entry.MessageRefused.class).isEmpty());
    engine.client().settle("a", PAY, happened(engine, "found"), "ann", "asked");

    Awaitility.await()
        .untilAsserted(() -> assertThat(handle.outcome()).isEqualTo(completed("found")));
    assertThat(stage.world.calls("10")).isEqualTo(1);
  }

  private void settleUnreadably(Engine engine, Handle<String> handle) {
    engine.client().settle("a", PAY, happened(engine, List.of("no text")), "ann", "guessed");
    Awaitility.await()
        .until(() ->
            stage.entries("a", Entry.EffectDoubted.class).size() == 2
                && handle.outcome() instanceof Outcome.InDoubt<String>);
  }

  private Handle<String> inDoubt(Engine engine) {
    stage.world.failAfter("10", LedgerAbuseTest::lost);
    Workflow<String, String> workflow = workflow("w", run -> pay(run, Contract.ONCE));
    engine.register(workflow);
    Handle<String> handle = engine.start(workflow, "a", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    return handle;
  }

  private Workflow<String, String> once(String name, String argument) {
    Effect<String, String> effect = stage.world.effect(Contract.ONCE);
    return workflow(
        "w", run -> run.effect("pay", "10", effect.oncePer(Intent.Scope.GLOBAL, name, argument)));
  }

  @ParameterizedTest
  @CsvSource({"half \uD83D,1", "refund,half \uD83D"})
  void aFactThatNoStoreCanKeepQuarantinesTheRun(String name, String argument) {
    Workflow<String, String> workflow = once(name, argument);

    assertThat(stage.settled(stage.open(workflow).start(workflow, "a", "in")))
        .isInstanceOf(Outcome.Quarantined.class);
    assertThat(stage.world.calls("10")).isZero();
  }

  @Test
  void aFactOfAHaltedRunIsHeldUntilItIsCancelledAndThenInDoubt() {
    Workflow<String, String> halting =
        workflow("halting", run -> pay(run, idempotentThatNeverAnswers()));
    Workflow<String, String> asking = workflow("asking", run -> pay(run, Contract.KEYED));
    Engine engine = stage.open(halting, asking);
    Handle<String> holder = engine.start(halting, "a", "in");
    assertThat(stage.settled(holder)).isInstanceOf(Outcome.Quarantined.class);
    Handle<String> late = parked(engine, asking, "b");

    cancelled(engine, holder);

    assertThat(stage.settled(late)).isEqualTo(completed("intent-in-doubt"));
    engine.client().settleFact(FACT, new Verdict.DidNotHappen(), "ann", "asked");
    assertThat(stage.settled(engine.start(asking, "c", "in"))).isEqualTo(completed("answer to 10"));
  }

  private Effect<String, String> idempotentThatNeverAnswers() {
    stage.world.failBefore("10", LedgerAbuseTest::lost);
    return stage.world.effect(Contract.KEYED).retry(dev.holdfast.kernel.RetryPolicy.NEVER);
  }

  private Handle<String> parked(Engine engine, Workflow<String, String> workflow, String id) {
    Handle<String> handle = engine.start(workflow, id, "in");
    stage.parked(handle);
    return handle;
  }

  @Test
  void aRunThatWaitsForAHeldFactCanBeCancelled() {
    stage.world.failBefore("10", LedgerAbuseTest::later);
    Workflow<String, String> workflow = workflow("w", run -> pay(run, Contract.KEYED));
    Engine engine = stage.open(workflow);
    Handle<String> holder = parked(engine, workflow, "a");
    Handle<String> late = parked(engine, workflow, "b");

    cancelled(engine, late);
    stage.clock.advance(HOUR);

    assertThat(stage.settled(holder)).isEqualTo(completed("answer to 10"));
    assertThat(((Outcome.Cancelled<String>) late.outcome()).unsettled()).isEmpty();
    assertThat(row().run()).isEqualTo(holder.id());
  }

  private String fact(Run run, String name) {
    try {
      return run.effect(
          name, name, stage.world.effect(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, name));
    } catch (EffectFailed failed) {
      return failed.failure().code();
    }
  }

  private Workflow<String, String> both(String name, String left, String right) {
    return workflow(
        name,
        run ->
            String.join(
                "|",
                run.parallel(
                    "two",
                    List.of(
                        new Run.Branch<>("l", r -> fact(r, left)),
                        new Run.Branch<>("r", r -> fact(r, right))))));
  }

  @Test
  void runsThatNeedTwoFactsInOppositeOrdersAllEnd() {
    stage.world.failBefore("x", LedgerAbuseTest::later).failBefore("y", LedgerAbuseTest::later);
    Workflow<String, String> forth = both("forth", "x", "y");
    Workflow<String, String> back = both("back", "y", "x");
    Engine engine = stage.open(forth, back);
    var handles = List.of(parked(engine, forth, "a"), parked(engine, back, "b"));

    stage.clock.advance(HOUR);

    for (Handle<String> handle : handles) {
      assertThat(stage.driven(handle)).isInstanceOf(Outcome.Completed.class);
    }
    assertThat(stage.world.happened("x")).isEqualTo(1);
    assertThat(stage.world.happened("y")).isEqualTo(1);
  }

  private static String payNumber(Run run) {
    Effect<String, Integer> effect = Effect.keyed(Integer.class, (key, in) -> 1);
    return "" + run.effect("pay", "10", effect.oncePer(Intent.Scope.GLOBAL, "refund", 17));
  }

  @Test
  void anOutcomeOfAnotherTypeHaltsTheAskerAlone() {
    Workflow<String, String> text = workflow("text", run -> pay(run, Contract.KEYED));
    Workflow<String, String> number = workflow("number", LedgerAbuseTest::payNumber);
    Engine engine = stage.open(text, number);
    stage.settled(engine.start(text, "a", "in"));

    assertThat(stage.settled(engine.start(number, "b", "in")))
        .isInstanceOf(Outcome.Quarantined.class);
    assertThat(row().state()).isEqualTo(Fact.State.HAPPENED);
    assertThat(row().run().text()).isEqualTo("a");
  }
}
