package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.json.Incidental;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting the same id again, attaching, awaiting, and how a run ends for its caller. */
class StartAndFindTest {
  /** What a run is about, and a trace id that is not. */
  record Request(String order, int cents, @Incidental String trace) {}

  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void theSameStartFindsTheSameRun() {
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.open(workflow);

    Handle<String> first = engine.start(workflow, "r", "in");
    assertThat(first.run()).isEqualTo("answer to pay");
    Handle<String> again = engine.start(workflow, "r", "in");

    assertThat(again.id()).isEqualTo(new RunId("r"));
    assertThat(again.run()).isEqualTo("answer to pay");
    assertThat(engine.find("r", String.class).run(Duration.ofSeconds(1)))
        .isEqualTo("answer to pay");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void manyWhoStartTheSameRunAtOnceGetOne() throws InterruptedException {
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.commitDelay(Duration.ofMillis(1)).open(workflow);
    var results = new ArrayList<String>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                String result = engine.start(workflow, "r", "in").run();
                synchronized (results) {
                  results.add(result);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(results).hasSize(20).containsOnly("answer to pay");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void anotherInputIsAConflictThatShowsBothWithoutSecrets() {
    Workflow<Request, String> workflow =
        Workflow.of("w", Request.class, String.class).body((run, request) -> request.trace());
    Engine engine = stage.open(workflow);
    engine.start(workflow, "r", new Request("4711, password=hunter2", 100, "t-1"));

    assertThatThrownBy(() -> engine.start(workflow, "r", new Request("4711", 200, "t-1")))
        .isInstanceOf(RunException.RunConflict.class)
        .hasMessageContainingAll("Run r", "100", "200", "Choose another id", "find")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void incidentalComponentsMakeNoConflictAndTheFirstInputRuns() {
    Workflow<Request, String> workflow =
        Workflow.of("w", Request.class, String.class).body((run, request) -> request.trace());
    Engine engine = stage.open(workflow);

    assertThat(engine.start(workflow, "r", new Request("4711", 100, "first")).run())
        .isEqualTo("first");
    assertThat(engine.start(workflow, "r", new Request("4711", 100, "second")).run())
        .isEqualTo("first");
  }

  @Test
  void anotherWorkflowIsAConflictThatShowsBoth() {
    Workflow<String, String> workflow = paying("w");
    Workflow<String, String> other = paying("other");
    Engine engine = stage.open(workflow, other);
    engine.start(workflow, "r", "in");

    assertThatThrownBy(() -> engine.start(other, "r", "in"))
        .isInstanceOf(RunException.RunConflict.class)
        .hasMessageContainingAll("Run r", "'w'", "'other'", "another id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "tab\there"})
  void anIdOutOfBoundsIsRefused(String id) {
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.open(workflow);

    assertThatThrownBy(() -> engine.start(workflow, id, "in"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run id");
    assertThatThrownBy(() -> engine.start(workflow, "x".repeat(201), "in"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("201", "200", "Shorten");
  }

  @Test
  void anIdThatNobodyStartedIsNotFound() {
    Engine engine = stage.open();

    assertThatThrownBy(() -> engine.find("none", String.class))
        .isInstanceOf(RunException.RunNotFound.class)
        .hasMessageContainingAll("'none'", "memory", "list the runs");
  }

  @Test
  void anInputThatIsTooLargeIsRefusedBeforeAnythingIsRecorded() {
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.limits(limits -> limits.payloadBytesMax(1_024)).open(workflow);

    assertThatThrownBy(() -> engine.start(workflow, "r", "x".repeat(1_100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("1,102", "1,024", "payloadBytesMax");
    assertThat(stage.journal().find(new RunId("r"))).isEmpty();
  }

  @Test
  void aDeadlineEndsTheWaitAndNotTheRun() {
    var go = new CountDownLatch(1);
    stage.world.failBefore("pay", go::await);
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(handle.await(Duration.ZERO)).isInstanceOf(Outcome.Waiting.class);
    assertThatThrownBy(() -> handle.run(Duration.ofMillis(20)))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContainingAll("Run r", "PT0.02S", "EXECUTING");
    go.countDown();
    assertThat(handle.run()).isEqualTo("answer to pay");
  }

  @Test
  void anInterruptedWaiterKeepsItsInterrupt() throws InterruptedException {
    var go = new CountDownLatch(1);
    stage.world.failBefore("pay", go::await);
    Workflow<String, String> workflow = paying("w");
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    var interrupted = new AtomicInteger();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> {
              handle.await(Duration.ofMinutes(1));
              interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 2);
            });
    waiter.interrupt();
    waiter.join();
    go.countDown();

    assertThat(interrupted).hasValue(1);
    assertThat(handle.run()).isEqualTo("answer to pay");
  }

  @Test
  void aDeclaredExceptionFailsTheRunAndAnyOtherQuarantinesIt() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .failsOn(IOException.class)
            .body((run, input) -> {
              switch (input) {
                case "declared" -> throw new java.io.FileNotFoundException("no invoice");
                case "bug" -> throw new NullPointerException("oops, token=abc123");
                default -> throw new StackOverflowError();
              }
            });
    Engine engine = stage.open(workflow);

    assertThatThrownBy(engine.start(workflow, "declared", "declared")::run)
        .isInstanceOf(RunException.RunEnded.class)
        .hasMessageContainingAll("Run declared", "failed", "FileNotFoundException", "no invoice");
    assertThatThrownBy(engine.start(workflow, "bug", "bug")::run)
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContainingAll(
            "Run bug", "quarantined", "NullPointerException", "StartAndFindTest", "resume")
        .hasMessageNotContaining("abc123");
    assertThat(stage.settled(engine.start(workflow, "error", "error")))
        .isInstanceOf(Outcome.Quarantined.class);
  }

  @Test
  void aQuarantinedRunIsResumedOnceTheCodeIsFixed() {
    var broken = new AtomicInteger(1);
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String paid = run.effect("pay", "pay", stage.world.effect(Contract.ONCE));
              return broken.get() == 0 ? paid : String.valueOf(List.of().getFirst());
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    engine.client().resume("r", "ann", "not fixed yet");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    broken.set(0);
    engine.client().resume("r", "ann", "fixed");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThatThrownBy(() -> engine.client().resume("r", "ann", "again"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContainingAll("r", "COMPLETED");
  }

  @Test
  void aWrappedFailureOfAStepIsTriedAgainAfterAResume() {
    stage.world.failBefore("pay", () -> notSent());
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                return run.effect("pay", "pay", once());
              } catch (EffectFailed failed) {
                throw new IllegalStateException("cannot pay", failed);
              }
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);

    engine.client().resume("r", "ann", "the bank is back");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
  }

  @Test
  void aFailureThatTheRunHasActedUponIsNotTriedAgain() {
    stage.world.failBefore("pay", () -> notSent());
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                return run.effect("pay", "pay", once());
              } catch (EffectFailed failed) {
                run.effect("apologise", "sorry", once());
                throw failed;
              }
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);

    engine.client().resume("r", "ann", "the bank is back");

    Awaitility.await().until(() -> stage.entries("r", Entry.RunQuarantined.class).size() == 2);
    assertThat(stage.settled(handle))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("effect:pay#0", "refused"));
    assertThat(stage.world.calls("pay")).as("the customer was told that it failed").isEqualTo(1);
    assertThat(stage.world.calls("sorry")).isEqualTo(1);
  }

  private Effect<String, String> once() {
    return stage.world.effect(Contract.ONCE).retry(RetryPolicy.NEVER);
  }

  private static void notSent() {
    throw KnownFailure.notSent("connect", "refused");
  }

  @Test
  void aResultThatCannotBeKeptQuarantines() {
    Workflow<String, Object> workflow =
        Workflow.of("w", String.class, Object.class)
            .body((run, input) -> {
              var endless = new ArrayList<Object>();
              endless.add(endless);
              return endless;
            });
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.start(workflow, "r", "in")))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("result cannot be kept", "ArrayList"));
  }

  @Test
  void aClientStartsAndAwaitsWhatAnotherProcessExecutes() {
    Workflow<String, String> workflow = paying("w");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.client().start(workflow, "r", "in");

    assertThat(handle.run(Stage.PATIENCE)).isEqualTo("answer to pay");
    assertThat(engine.client().find("r", String.class).outcome())
        .isEqualTo(new Outcome.Completed<>("answer to pay"));
  }

  private Workflow<String, String> paying(String name) {
    return Workflow.of(name, String.class, String.class)
        .body((run, input) -> run.effect("pay", "pay", stage.world.effect(Contract.KEYED)));
  }
}
