package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Recorded;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A recorded run is played against other code without a trace in the world or the journal. */
class ReplayTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  private String pay(Run run, String fact) {
    Effect<String, String> keyed = stage.world.effect(Contract.KEYED);
    return run.effect(fact, fact, keyed);
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private List<Recorded> recorded(Function<Run, String> code, boolean toTheEnd) {
    Workflow<String, String> workflow = workflow(code);
    try (Engine engine = stage.open(workflow)) {
      var handle = engine.start(workflow, "r", "in");
      if (toTheEnd) {
        stage.driven(handle);
      } else {
        stage.parked(handle);
      }
      return stage.history("r");
    }
  }

  private Optional<String> replayed(Function<Run, String> code, List<Recorded> history) {
    int before = stage.world.toString().hashCode();
    // A journal of its own keeps the engine from going on with the run itself.
    Engine engine =
        Engine.over(
            new InMemoryJournal(new InMemoryJournal.Storage(), stage.clock, Duration.ZERO),
            JsonCodec.standard(),
            Settings.standard().clock(stage.clock));
    try (engine) {
      engine.register(workflow(code));
      Optional<String> mismatch = engine.replay("r", history);
      assertThat(stage.world.toString().hashCode()).as("the world").isEqualTo(before);
      return mismatch;
    }
  }

  private String shopping(Run run) {
    pay(run, "order");
    run.parallel("both", List.of(branch("left"), branch("right")));
    run.turns(
        "loop",
        Integer.class,
        0,
        (turn, number) -> {
          pay(turn, "turn-" + number);
          return number < 3 ? Run.Turn.next(number + 1) : Run.Turn.done(number);
        });
    run.sleep("a-day", Duration.ofDays(1));
    return pay(run, "mail");
  }

  private Run.Branch<String> branch(String label) {
    return new Run.Branch<>(label, branch -> pay(branch, label));
  }

  @Test
  void theSameCodeGoesThroughARunThatWaitsAndOneThatEnded() {
    assertThat(replayed(this::shopping, recorded(this::shopping, false))).isEmpty();
    assertThat(replayed(this::shopping, recorded(this::shopping, true))).isEmpty();
    assertThat(stage.world.calls("mail")).isEqualTo(1);
  }

  @Test
  void everyPartOfARecordReplaysAndNothingIsCalled() {
    List<Recorded> history = recorded(this::shopping, true);

    for (int length = 1; length <= history.size(); length++) {
      assertThat(replayed(this::shopping, history.subList(0, length)))
          .as("the first %d entries", length)
          .isEmpty();
    }
    assertThat(stage.world.calls("order")).isEqualTo(1);
  }

  @Test
  void whatWasInsertedRemovedOrChangedIsSaid() {
    List<Recorded> history = recorded(this::shopping, false);

    assertThat(replayed(run -> pay(run, "more") + shopping(run), history).orElseThrow())
        .contains("INSERTED", "effect:more#0", "effect:order#0");
    assertThat(replayed(run -> "nothing", history).orElseThrow())
        .contains("REMOVED", "effect:order#0");
    assertThat(replayed(run -> other(run) + shopping(run), history).orElseThrow())
        .contains("CHANGED", "'order' is now", "effect:order#0");
    assertThat(replayed(run -> throwing(), history).orElseThrow()).contains("CHANGED", "a bug");
    assertThat(replayed(run -> run.patched("p") ? pay(run, "more") : shopping(run), history))
        .isEmpty();
  }

  private String other(Run run) {
    Effect<String, String> keyed = stage.world.effect(Contract.KEYED);
    return run.effect("order", "something else", keyed);
  }

  private static String throwing() {
    throw new IllegalStateException("a bug");
  }

  @Test
  void ofARunThatCompletedTheEndCountsToo() {
    List<Recorded> history = recorded(this::shopping, true);

    assertThat(replayed(run -> shopping(run) + "!", history).orElseThrow())
        .contains("another result");
    assertThat(replayed(run -> shopping(run) + pay(run, "more"), history).orElseThrow())
        .contains("INSERTED");
  }

  @Test
  void anAttemptThatWasOutIsNotRepeated() {
    stage.world.failBefore(
        "order",
        () -> {
          throw KnownFailure.tryLater("429", "busy", Optional.of(Duration.ofHours(2)));
        });
    assertThat(replayed(this::shopping, recorded(this::shopping, false))).isEmpty();
    assertThat(stage.world.calls("order")).isEqualTo(1);
  }

  @Test
  void whoDoesNotKnowTheWorkflowSaysSo() {
    List<Recorded> history = recorded(this::shopping, false);
    try (Engine engine = stage.open()) {
      assertThatThrownBy(() -> engine.replay("r", history))
          .isInstanceOf(RunException.NotRegistered.class)
          .hasMessageContaining("w");
      assertThatThrownBy(() -> engine.replay("r", history.subList(1, 3)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
