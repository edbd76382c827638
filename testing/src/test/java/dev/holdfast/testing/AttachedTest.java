package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs whose code only their caller has. */
class AttachedTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private String pay() {
    return Run.current().orElseThrow().effect("pay", "pay", stage.world.effect(Contract.KEYED));
  }

  @Test
  void theSameIdReturnsTheResultWithoutACall() {
    Engine engine = stage.open();

    assertThat(engine.attached("r", String.class, LONG, this::pay)).isEqualTo("answer to pay");
    assertThat(engine.attached("r", String.class, LONG, this::pay)).isEqualTo("answer to pay");

    assertThat(stage.world.calls("pay")).isEqualTo(1);
    Laws.check(stage.history("r"));
  }

  @Test
  void itRunsOnTheCallersThread() {
    var own = Thread.currentThread();

    assertThat(stage.open().attached("r", Boolean.class, LONG, () -> Thread.currentThread() == own))
        .isTrue();
  }

  /** Pays, and then takes its time. */
  private String payAndSleep() {
    pay();
    Run.current().orElseThrow().sleep("pause", Duration.ofHours(1));
    return "slept";
  }

  @Test
  void afterACrashItGoesOnWhenItsCallerCallsAgain() {
    Engine engine = stage.open();
    assertThatThrownBy(() -> engine.attached("r", String.class, SHORT, this::payAndSleep))
        .isInstanceOf(RunException.RunNotEnded.class);
    engine.crash();
    Engine again = stage.open();
    assertThat(again.find("r", String.class).outcome()).isInstanceOf(Outcome.Waiting.class);
    stage.clock.advance(Duration.ofHours(1));

    assertThat(again.attached("r", String.class, LONG, this::payAndSleep)).isEqualTo("slept");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  private static String listen() {
    return Run.current()
        .orElseThrow()
        .awaitSignal("go", String.class, Duration.ofHours(1))
        .orElse("none");
  }

  @Test
  void nobodyElseClaimsItAndItIsShownAsWaitingForItsCaller() {
    Engine engine = stage.open();
    assertThatThrownBy(() -> engine.attached("r", String.class, SHORT, AttachedTest::listen))
        .isInstanceOf(RunException.RunNotEnded.class);
    engine.client().signal("r", "go", "1", "now", "ann");

    assertThat(engine.find("r", String.class).await(SHORT))
        .isInstanceOfSatisfying(
            Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.CALLER));
  }

  /** Says that it has begun and goes on when it is told to. */
  private static String hold(CountDownLatch begun, CountDownLatch go) throws InterruptedException {
    begun.countDown();
    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
    return "first";
  }

  @Test
  void aSecondCallerMeanwhileIsRefused() throws InterruptedException {
    Engine engine = stage.open();
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () -> engine.attached("r", String.class, LONG, () -> hold(begun, go)));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(() -> engine.attached("r", String.class, LONG, () -> "second"))
        .isInstanceOf(RunException.RunBusy.class);
    go.countDown();
    assertThat(first.join()).isEqualTo("first");
  }

  @Test
  void aDoubtEndsTheCallAndOnceSettledTheNextOneGoesOn() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Engine engine = stage.open();
    assertThatThrownBy(() -> engine.attached("r", String.class, LONG, this::payOnce))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContaining("in doubt");

    var found = new Verdict.Happened(engine.client().encode("found"));
    engine.client().settle("r", StepPath.ROOT.child("effect", "pay", 0), found, "ann", "seen");

    assertThat(engine.attached("r", String.class, LONG, this::payOnce)).isEqualTo("found");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  private String payOnce() {
    return Run.current().orElseThrow().effect("pay", "pay", stage.world.effect(Contract.ONCE));
  }

  private String payAndThrow() {
    pay();
    throw new IllegalStateException("a bug");
  }

  @Test
  void whatThrewIsTriedAgainByTheNextCall() {
    Engine engine = stage.open();
    assertThatThrownBy(() -> engine.attached("r", String.class, LONG, this::payAndThrow))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContaining("a bug");

    assertThat(engine.attached("r", String.class, LONG, this::pay)).isEqualTo("answer to pay");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void oneWithinAnotherIsRefused() {
    Engine engine = stage.open();

    assertThatThrownBy(() ->
            engine.attached(
                "outer",
                String.class,
                LONG,
                () -> engine.attached("inner", String.class, LONG, this::pay)))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContaining("outer");
  }

  @Test
  void anIdOrTheNameOfAWorkflowIsRefused() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> "done");
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    Workflow<String, String> named =
        Workflow.of("attached", String.class, String.class).body((run, input) -> "");

    assertThatThrownBy(() -> engine.attached("r", String.class, LONG, this::pay))
        .isInstanceOf(RunException.RunConflict.class);
    assertThatThrownBy(() -> engine.register(named)).isInstanceOf(IllegalArgumentException.class);
  }
}
