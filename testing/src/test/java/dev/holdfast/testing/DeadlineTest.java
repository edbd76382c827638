package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that have to end: at their deadline, or because somebody says so, whatever they do. */
class DeadlineTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final StepPath PAY = StepPath.ROOT.child("effect", "pay", 0);

  private final Stage stage = Stage.standing().limits(l -> l.stopGrace(Duration.ofMillis(50)));
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void close() {
    never.countDown();
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private String pay(Run run, Contract contract) {
    return run.effect(
        "pay", "pay", stage.world.effect(contract).oncePer(Intent.Scope.GLOBAL, "paid", "17"));
  }

  /** The target hangs until it is interrupted. */
  private void hang() {
    stage.world.failAfter(
        "pay",
        () -> {
          begun.countDown();
          assertThat(never.await(60, TimeUnit.SECONDS)).isTrue();
        });
  }

  private Outcome<String> ended(Handle<String> handle) {
    Awaitility.await().until(() -> handle.outcome().isEnded());
    Laws.check(stage.history(handle.id().text()));
    return handle.outcome();
  }

  @Test
  void aParkedRunEndsAtItsDeadline() {
    Workflow<String, String> workflow =
        workflow(run -> {
          run.sleep("long", HOUR);
          return pay(run, Contract.KEYED);
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle =
        engine.start(workflow, "r", "in", Admission.atMost(Duration.ofMinutes(1)));
    stage.parked(handle);
    stage.clock.advance(Duration.ofSeconds(59));
    assertThat(handle.await(Duration.ofMillis(200))).isInstanceOf(Outcome.Waiting.class);
    stage.clock.advance(Duration.ofSeconds(1));

    assertThat(ended(handle))
        .isEqualTo(new Outcome.Truncated<>("deadline", "The run had until 2024-05-01T12:01:00Z."));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void aBlockedCallEndsWithItsRunAndIsNamed() throws InterruptedException {
    hang();
    Workflow<String, String> workflow = workflow(run -> pay(run, Contract.ONCE));
    Engine engine = stage.open(workflow);
    Handle<String> handle =
        engine.start(workflow, "r", "in", Admission.atMost(Duration.ofMillis(300)));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    stage.clock.advance(Duration.ofMillis(300));

    assertThat(ended(handle))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class,
            end -> assertThat(end.unsettled().toString()).isEqualTo("[" + PAY + "]"));
    assertThat(stage.journal().facts(Fact.State.IN_DOUBT, 10)).hasSize(1);
  }

  @Test
  void whoResumesARunThatIsLateGivesItAllTheTime() {
    Workflow<String, String> workflow =
        workflow(run -> {
          run.sleep("long", HOUR);
          return pay(run, Contract.KEYED);
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in", Admission.atMost(HOUR.dividedBy(2)));
    stage.parked(handle);
    stage.clock.advance(HOUR);
    assertThat(ended(handle)).isInstanceOf(Outcome.Truncated.class);
    engine.client().resume("r", "ann", "it may take longer");
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Completed<String>);
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void anEffectGetsNoMoreTimeThanItsRunHasLeft() {
    hang();
    Workflow<String, String> workflow = workflow(run -> pay(run, Contract.KEYED));
    Engine engine = stage.open(workflow);
    Handle<String> handle =
        engine.start(workflow, "r", "in", Admission.atMost(Duration.ofMillis(500)));

    Awaitility.await().until(() -> !stage.entries("r", Entry.AttemptFailed.class).isEmpty());
    assertThat(handle.outcome()).isInstanceOf(Outcome.Waiting.class);
    stage.clock.advance(HOUR);
  }

  @Test
  void aCancelReachesABlockedCall() throws InterruptedException {
    hang();
    Workflow<String, String> workflow = workflow(run -> pay(run, Contract.ONCE));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    engine.client().cancel("r", "ann", "enough");

    assertThat(ended(handle)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(((Outcome.Cancelled<String>) handle.outcome()).unsettled()).containsExactly(PAY);
    assertThat(stage.journal().facts(Fact.State.IN_DOUBT, 10)).hasSize(1);
  }

  @Test
  void whatComesBackLateSettlesTheFact() throws InterruptedException {
    var stubborn = new CountDownLatch(1);
    stage.world.failAfter(
        "pay",
        () -> {
          begun.countDown();
          awaitStubbornly(stubborn);
        });
    Workflow<String, String> workflow = workflow(run -> pay(run, Contract.ONCE));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    engine.client().cancel("r", "ann", "enough");
    assertThat(ended(handle)).isInstanceOf(Outcome.Cancelled.class);
    stubborn.countDown();

    Awaitility.await().until(() -> stage.journal().facts(Fact.State.IN_DOUBT, 10).isEmpty());
    assertThat(stage.journal().facts(Fact.State.HAPPENED, 10)).hasSize(1);
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException ignoredByThisTarget) {
        assertThat(latch.getCount()).isNotNegative();
      }
    }
  }

  @Test
  void aCancelReachesAPureStep() throws InterruptedException {
    Workflow<String, String> workflow =
        workflow(run ->
            run.step(
                "compute",
                String.class,
                () -> {
                  begun.countDown();
                  try {
                    assertThat(never.await(60, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return "done";
                }));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    engine.client().cancel("r", "ann", "enough");

    assertThat(ended(handle)).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void aCancelCutsADelayShort() {
    stage.limits(l -> l.retryInPlaceMax(Duration.ofMinutes(1)));
    Workflow<String, String> workflow =
        workflow(run -> {
          run.sleep("short", Duration.ofSeconds(30));
          return "slept";
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Awaitility.await().until(() -> stage.clock.sleepers() == 1);
    engine.client().cancel("r", "ann", "enough");

    assertThat(ended(handle)).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void aDeadlineHasBounds() {
    assertThatThrownBy(() -> Admission.atMost(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("within");
  }
}
