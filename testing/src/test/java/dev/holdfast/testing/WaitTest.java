package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers and signals: never early, never twice, and no thread is held meanwhile. */
class WaitTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private Workflow<String, String> sleeper() {
    return workflow(run -> {
      run.sleep("pause", HOUR);
      return run.effect("pay", "pay", stage.world.effect(Contract.KEYED));
    });
  }

  private static Workflow<String, String> listener() {
    return workflow(run -> run.awaitSignal("go", String.class, HOUR).orElse("nobody"));
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  @Test
  void aTimerHoldsNoThreadAndFiresNeverBeforeItsTime() {
    Workflow<String, String> workflow = sleeper();
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    assertThat(stage.parked(handle))
        .containsExactly(
            new Wait.Timer(StepPath.ROOT.child("timer", "pause", 0), Stage.START.plus(HOUR)));
    assertThat(stage.clock.sleepers()).isZero();
    assertThat(handle.outcome())
        .isInstanceOfSatisfying(
            Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.TIMER));

    stage.clock.advance(HOUR.minusMillis(1));
    assertThat(handle.await(Duration.ofMillis(200))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("pay")).isZero();

    stage.clock.advance(Duration.ofMillis(1));
    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay"));
  }

  @Test
  void aClockSetBackDelaysATimer() {
    Workflow<String, String> workflow = sleeper();
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    stage.parked(handle);

    stage.clock.advance(HOUR.negated());
    stage.clock.advance(HOUR);
    assertThat(handle.await(Duration.ofMillis(200))).isInstanceOf(Outcome.Waiting.class);
    stage.clock.advance(HOUR);

    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay"));
  }

  @Test
  void aTimerGoesOnInTheNextProcessFromWhereItWas() {
    Workflow<String, String> workflow = sleeper();
    Engine first = stage.open(workflow);
    stage.parked(first.start(workflow, "r", "in"));
    first.crash();

    stage.clock.advance(HOUR);
    Handle<String> handle = stage.open(workflow).find("r", String.class);

    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay"));
    assertThat(stage.clock.now()).isEqualTo(Stage.START.plus(HOUR));
    assertThat(stage.entries("r", Entry.WaitStarted.class)).hasSize(1);
  }

  @Test
  void timersOutOfBoundsAreRefused() {
    Workflow<String, String> workflow =
        workflow(run -> {
          run.sleep("pause", Duration.ofDays(366));
          return "";
        });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class, halt -> assertThat(halt.reason()).contains("pause"));
  }

  @Test
  void aSignalWakesTheRunThatWaits() {
    Workflow<String, String> workflow = listener();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.parked(handle).getFirst()).isInstanceOf(Wait.Signal.class);

    engine.client().signal("r", "go", "1", "now", "ann");

    assertThat(stage.settled(handle)).isEqualTo(completed("now"));
    assertThat(stage.entries("r", Entry.SignalReceived.class).getFirst().who()).isEqualTo("ann");
  }

  @Test
  void anEarlySignalIsKeptAndARepeatIsDropped() {
    Workflow<String, String> workflow =
        workflow(run -> {
          run.sleep("first", HOUR);
          return run.awaitSignal("go", String.class, HOUR).orElse("none")
              + run.awaitSignal("go", String.class, HOUR).orElse("none");
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    for (int repeat = 0; repeat < 3; repeat++) {
      engine.client().signal("r", "go", "same", "a", "ann");
    }

    assertThat(stage.driven(handle)).isEqualTo(completed("anone"));
    assertThat(stage.entries("r", Entry.SignalReceived.class)).hasSize(1);
  }

  @Test
  void signalsAreTakenInTheOrderInWhichTheyCame() {
    Workflow<String, String> workflow =
        workflow(run -> {
          var text = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            text.append(run.awaitSignal("go", String.class, HOUR).orElseThrow());
          }
          return text.toString();
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    for (String value : List.of("a", "b", "c")) {
      engine.client().signal("r", "go", "id-" + value, value, "ann");
    }

    assertThat(stage.settled(handle)).isEqualTo(completed("abc"));
  }

  @Test
  void branchesTakeOneSignalEach() {
    Workflow<String, String> workflow =
        workflow(run ->
            String.join(
                "+",
                run
                    .parallel("two", List.of(new Run.Branch<>("a", this::await), branch("b")))
                    .stream()
                    .sorted()
                    .toList()));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.client().signal("r", "go", "1", "x", "ann");
    engine.client().signal("r", "go", "2", "y", "ann");

    assertThat(stage.settled(handle)).isEqualTo(completed("x+y"));
  }

  private Run.Branch<String> branch(String label) {
    return new Run.Branch<>(label, this::await);
  }

  private String await(Run run) {
    return run.awaitSignal("go", String.class, HOUR).orElse("none");
  }

  @Test
  void aSignalThatComesTooLateIsNotTaken() {
    Workflow<String, String> workflow = listener();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.crash();

    stage.clock.advance(HOUR.plusMillis(1));
    Engine again = stage.open();
    again.client().signal("r", "go", "1", "late", "ann");
    again.register(workflow);

    assertThat(stage.settled(again.find("r", String.class))).isEqualTo(completed("nobody"));
  }

  @Test
  void aValueThatCannotBeReadIsRefusedAndTheRunWaitsOn() {
    Workflow<String, String> workflow =
        workflow(run -> "got " + run.awaitSignal("go", Integer.class, HOUR).orElse(-1));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.client().signal("r", "go", "1", List.of("no number"), "mallory");
    engine.client().signal("r", "go", "2", 7, "ann");

    assertThat(stage.settled(handle)).isEqualTo(completed("got 7"));
    assertThat(stage.entries("r", Entry.MessageRefused.class)).hasSize(1);
  }

  @Test
  void anEndedRunTakesNoSignal() {
    Workflow<String, String> workflow = workflow(run -> "done");
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));

    assertThatThrownBy(() -> engine.client().signal("r", "go", "1", "x", "ann"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
    assertThatThrownBy(() -> engine.client().signal("none", "go", "1", "x", "ann"))
        .isInstanceOf(RunException.RunNotFound.class);
    assertThatThrownBy(() -> engine.client().signal("r", "a/b", "1", "x", "ann"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nobodyInTimeIsAnAnswerToo() {
    Workflow<String, String> workflow = listener();
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    stage.parked(handle);

    stage.clock.advance(HOUR);

    assertThat(stage.settled(handle)).isEqualTo(completed("nobody"));
    assertThat(Optional.of(stage.entries("r", Entry.WaitEnded.class).size())).contains(1);
  }
}
