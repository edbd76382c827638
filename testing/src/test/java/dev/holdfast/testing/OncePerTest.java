package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A business fact named by several steps of a run happens at most once. */
class OncePerTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"READ"},
      mode = EnumSource.Mode.EXCLUDE)
  void theSecondStepGetsTheFirstOutcome(Contract contract) {
    Workflow<String, String> workflow =
        workflow(run ->
            run.effect("first", "pay", fact(contract))
                + "+"
                + run.effect("second", "pay", fact(contract)));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isEqualTo(new Outcome.Completed<>("answer to pay+answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.EffectSucceeded.class))
        .extracting(Entry.EffectSucceeded::origin)
        .containsExactly(Entry.Origin.FRESH, Entry.Origin.DEDUPLICATED);
  }

  @Test
  void anotherInputIsAConflictThatShowsBothAndReplaysAsOne() {
    var seen = new ArrayList<String>();
    stage.world.failBefore("far", () -> later());
    Workflow<String, String> workflow =
        workflow(run -> {
          run.effect("first", "10 EUR", fact(Contract.KEYED));
          try {
            return run.effect("second", "20 EUR", fact(Contract.KEYED));
          } catch (EffectFailed.IntentConflict conflict) {
            seen.add(conflict.getMessage());
            return run.effect("far", "far", stage.world.effect(Contract.KEYED));
          }
        });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to far"));
    assertThat(seen).hasSize(2).allMatch(seen.getFirst()::equals);
    assertThat(seen.getFirst())
        .contains("effect:second#0", "effect:first#0", "10 EUR", "20 EUR", "refund");
    assertThat(stage.world.calls("20 EUR")).isZero();
  }

  @Test
  void aRefusalFreesTheFactUnderANewKey() {
    stage.world.failBefore("pay", OncePerTest::refuse);
    Workflow<String, String> workflow = payingTwice(Contract.KEYED);
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    List<IdempotencyKey> keys = stage.world.keys("pay");
    assertThat(keys).hasSize(2).doesNotHaveDuplicates();
    assertThat(stage.entries("r", Entry.EffectIntended.class))
        .extracting(intended -> intended.intent().orElseThrow().generation())
        .containsExactly(0, 1);
  }

  @Test
  void whatWasNotSentFreesTheFactUnderTheSameKey() {
    stage.world.failBefore("pay", OncePerTest::notSent);
    Workflow<String, String> workflow = payingTwice(Contract.KEYED);
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    List<IdempotencyKey> keys = stage.world.keys("pay");
    assertThat(keys).hasSize(2).containsOnly(keys.getFirst());
  }

  @ParameterizedTest
  @EnumSource(
      value = Boundary.class,
      names = {"AFTER_INTENT", "AFTER_CALL", "AFTER_OUTCOME"})
  void aCrashInTheFirstStepKeepsTheFactForIt(Boundary boundary) {
    Workflow<String, String> workflow =
        workflow(run ->
            run.effect("first", "pay", fact(Contract.KEYED))
                + run.effect("second", "pay", fact(Contract.KEYED)));
    crash(Strike.at(boundary, "first"), workflow);
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to payanswer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
    assertThat(stage.world.keys("pay").stream().distinct()).hasSize(1);
  }

  @Test
  void branchesWaitForTheOneThatIsAtIt() {
    stage.world.failBefore("pay", () -> Thread.sleep(50));
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                ",",
                run.parallel(
                    "all",
                    List.of(
                        paying("a", Contract.ONCE),
                        paying("b", Contract.ONCE),
                        paying("c", Contract.ONCE)))));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isEqualTo(new Outcome.Completed<>("answer to pay,answer to pay,answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aBranchWhoseHolderParksWaitsForTheNextClaimAndHoldsNoThread() {
    stage.world.failBefore("pay", () -> later());
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                ",",
                run.parallel(
                    "all", List.of(paying("a", Contract.KEYED), paying("b", Contract.KEYED)))));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.parked(handle)).hasSize(2);
    assertThat(stage.driven(handle))
        .isEqualTo(new Outcome.Completed<>("answer to pay,answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void aHolderThatHaltsTheRunLetsTheOthersGo() {
    for (int i = 0; i < 2; i++) {
      stage.world.failAfter("pay", OncePerTest::lost);
    }
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                ",",
                run.parallel(
                    "all", List.of(paying("a", Contract.KEYED), paying("b", Contract.KEYED)))));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    engine.client().resume("r", "ann", "the target is back");
    assertThat(stage.settled(handle))
        .isEqualTo(new Outcome.Completed<>("answer to pay,answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void aDoubtHoldsTheFactAndIsNamed() {
    stage.world.failAfter("pay", OncePerTest::lost);
    Workflow<String, String> workflow =
        workflow(run -> {
          List<String> seen =
              run.parallel(
                  "all",
                  List.of(
                      paying("a", Contract.ONCE),
                      new Run.Branch<>(
                          "b",
                          b -> {
                            b.effect("pause", "pause", stage.world.effect(Contract.READ));
                            try {
                              return b.effect("pay", "pay", fact(Contract.ONCE));
                            } catch (EffectFailed failed) {
                              return failed.failure().code();
                            }
                          })));
          return String.join(",", seen);
        });
    stage.world.failBefore(
        "pause",
        () ->
            Awaitility.await()
                .until(() -> !stage.entries("r", Entry.EffectDoubted.class).isEmpty()));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    var doubts = ((Outcome.InDoubt<String>) stage.settled(handle)).effects();
    assertThat(doubts).hasSize(1);
    var paid = new Verdict.Happened(engine.client().encode("paid"));
    engine.client().settle("r", doubts.getFirst().path(), paid, "ann", "saw it");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("paid,intent-in-doubt"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void whoWaitsTooLongIsToldThatNothingWasSentAndAResumeAsksForTheFactAgain() {
    var done = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    stage.world.failBefore(
        "pay",
        () -> {
          entered.countDown();
          done.await();
        });
    stage.limits(limits -> limits.heldIntentWait(Duration.ofMillis(50)));
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                ",",
                run.parallel(
                    "all",
                    List.of(
                        paying("a", Contract.ONCE),
                        new Run.Branch<>(
                            "b",
                            b -> {
                              b.effect("p", "pause", stage.world.effect(Contract.READ));
                              try {
                                return b.effect("pay", "pay", fact(Contract.ONCE));
                              } finally {
                                done.countDown();
                              }
                            })))));
    stage.world.failBefore("pause", entered::await);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    Outcome<String> outcome = stage.settled(handle);
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    assertThat(((Outcome.Quarantined<String>) outcome).reason())
        .contains("NotSent", "held by", "branch:a");
    engine.client().resume("r", "ann", "it is done now");

    assertThat(stage.settled(handle))
        .isEqualTo(new Outcome.Completed<>("answer to pay,answer to pay"));
    assertThat(stage.world.happened("pay")).as("the fact stays unique").isEqualTo(1);
  }

  @Test
  void aCrashEndsThoseWhoWaitForAFact() {
    stage.world.failBefore("pay", () -> Thread.sleep(60_000));
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                ",",
                run.parallel(
                    "all", List.of(paying("a", Contract.KEYED), paying("b", Contract.KEYED)))));
    Engine first = stage.open(workflow);
    first.start(workflow, "r", "in");
    Awaitility.await().until(() -> stage.world.calls("pay") == 1);
    first.crash();

    Engine engine = stage.open(workflow);
    assertThat(stage.settled(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to pay,answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void argumentsTellFactsApart() {
    Workflow<String, String> workflow =
        workflow(run ->
            run.effect("one", "x", fact(Contract.KEYED, "refund", 17))
                + run.effect("two", "y", fact(Contract.KEYED, "refund", "17"))
                + run.effect("three", "z", fact(Contract.KEYED, "refund", 17, 1))
                + run.effect("four", "v", fact(Contract.KEYED, "refund")));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(List.of("x", "y", "z", "v"))
        .allSatisfy(fact -> assertThat(stage.world.happened(fact)).isEqualTo(1));
  }

  @Test
  void twoRunsMayEachHaveTheFact() {
    Workflow<String, String> workflow =
        workflow(run -> run.effect("pay", "pay", fact(Contract.KEYED)));
    Engine engine = stage.open(workflow);

    stage.settled(engine.start(workflow, "one", "in"));
    stage.settled(engine.start(workflow, "two", "in"));

    assertThat(stage.world.happened("pay")).isEqualTo(2);
  }

  @Test
  void givenUpAsUnknownUnderIdempotentTheFactCanBeAskedForAgainAfterAResume() {
    stage.world.failAfter("pay", OncePerTest::lost);
    Workflow<String, String> workflow =
        workflow(
            run -> run.effect("pay", "pay", fact(Contract.IDEMPOTENT).retry(RetryPolicy.NEVER)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);

    engine.client().resume("r", "ann", "try again");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
  }

  private Run.Branch<String> paying(String label, Contract contract) {
    return new Run.Branch<>(
        label,
        branch ->
            branch.effect("pay", "pay", fact(contract).retry(RetryPolicy.DEFAULT.attempts(2))));
  }

  /** Asks for the fact twice, the second time where the first gave up. */
  private Workflow<String, String> payingTwice(Contract contract) {
    return workflow(run -> {
      try {
        return run.effect("first", "pay", fact(contract).retry(RetryPolicy.NEVER));
      } catch (EffectFailed failed) {
        assertThat(failed.failure()).isNotInstanceOf(Failure.Unknown.class);
        return run.effect("second", "pay", fact(contract));
      }
    });
  }

  private void crash(Strike strike, Workflow<String, String> workflow) {
    Engine engine = stage.open(strike, workflow);
    engine.start(workflow, "r", "in");
    strike.crash(engine);
  }

  private Effect<String, String> fact(Contract contract) {
    return fact(contract, "refund", "order-17");
  }

  private Effect<String, String> fact(Contract contract, String name, Object... arguments) {
    return stage.world.effect(contract).oncePer(Intent.Scope.RUN, name, arguments);
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "lost");
  }

  private static void notSent() {
    throw KnownFailure.notSent("connect", "refused");
  }

  private static void refuse() {
    throw KnownFailure.rejected("402", "no funds");
  }

  private static void later() {
    throw KnownFailure.tryLater("429", "busy", Optional.of(Duration.ofHours(2)));
  }
}
