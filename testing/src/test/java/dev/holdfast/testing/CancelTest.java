package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody ends a run: it does nothing more, and what nobody knows of it is named. */
class CancelTest {
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private Outcome.Cancelled<String> cancelled(Handle<String> handle) {
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Cancelled<String>);
    Laws.check(stage.history(handle.id().text()));
    return (Outcome.Cancelled<String>) handle.outcome();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private String pay(Run run, String fact) {
    return run.effect(fact, fact, stage.world.effect(Contract.KEYED));
  }

  private Workflow<String, String> sleeper() {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          run.sleep("pause", Duration.ofHours(1));
          return run.effect("pay", "pay", stage.world.effect(Contract.KEYED));
        });
  }

  @Test
  void aParkedRunEnds() {
    Workflow<String, String> workflow = sleeper();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().cancel("r", "ann", "not needed");

    assertThat(cancelled(handle))
        .isEqualTo(new Outcome.Cancelled<>("ann", "not needed", java.util.List.of()));
    assertThatThrownBy(handle::run)
        .isInstanceOf(RunException.RunEnded.class)
        .hasMessageContaining("ann");
    stage.clock.advance(Duration.ofHours(2));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void anExecutingRunEndsBeforeItsNextStep() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failAfter(
        "first",
        () -> {
          begun.countDown();
          assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
        });
    Workflow<String, String> workflow = workflow(run -> pay(run, "first") + pay(run, "second"));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    engine.client().cancel("r", "ann", "stop");
    Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
    go.countDown();

    assertThat(cancelled(handle).unsettled()).isEmpty();
    assertThat(stage.world.calls("first")).isEqualTo(1);
    assertThat(stage.world.calls("second")).isZero();
    assertThat(stage.entries("r", Entry.EffectSucceeded.class)).hasSize(1);
  }

  @Test
  void aDoubtIsNamedAtTheEnd() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Workflow<String, String> workflow =
        workflow(run -> run.effect("pay", "pay", stage.world.effect(Contract.ONCE)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);

    engine.client().cancel("r", "ann", "enough");

    assertThat(cancelled(handle).unsettled())
        .containsExactly(StepPath.ROOT.child("effect", "pay", 0));
  }

  @Test
  void aQuarantinedRunCanBeEnded() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              throw new IllegalStateException("a bug");
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);

    engine.client().cancel("r", "ann", "never mind");

    assertThat(cancelled(handle).who()).isEqualTo("ann");
  }

  @Test
  void aRunThatNobodyCouldExecuteEndsOnceSomebodyCan() {
    Workflow<String, String> workflow = sleeper();
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    engine.crash();
    Engine again = stage.open();
    again.client().cancel("r", "ann", "not needed");
    again.register(workflow);

    assertThat(cancelled(again.find("r", String.class)).why()).isEqualTo("not needed");
  }

  @Test
  void anEndedRunCannotBeCancelled() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> "done");
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));

    assertThatThrownBy(() -> engine.client().cancel("r", "ann", "late"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
  }
}
