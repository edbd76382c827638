package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run did is undone, the last first, and nothing twice. */
class RollbackTest extends Trips {
  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"READ"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatFailsIsUndoneTheLastFirst(Contract contract) {
    seatsAreSoldOut();

    Outcome<String> outcome = played(booking(contract));

    Outcome.Compensated<?> end = compensated(outcome);
    assertThat(end.reason()).contains("effect:seat#0").contains("sold-out");
    assertThat(end.undone()).isEqualTo(List.of(FLIGHT, HOTEL));
    assertThat(end.left()).isEqualTo(List.of());
    assertThat(undone).containsExactly("flight answer to flight", "hotel answer to hotel");
    assertThatThrownBy(() -> stage.open().find("r", String.class).run(Duration.ofSeconds(5)))
        .isInstanceOf(RunException.RunEnded.class)
        .hasMessageContaining("was rolled back");
  }

  @Test
  void anEffectThatIsNotUndoneIsListedAndReadsAreNot() {
    Workflow<String, String> workflow =
        trip()
            .failsOn(IllegalArgumentException.class)
            .body((run, in) -> {
              run.effect("look", "look", stage.world.effect(Contract.READ));
              run.effect("mail", "mail", stage.world.effect(Contract.ONCE).noUndo("it is sent"));
              throw new IllegalArgumentException("no such customer");
            });

    Outcome.Compensated<?> end = compensated(played(workflow));
    assertThat(end.reason()).contains("no such customer");
    assertThat(end.undone()).isEqualTo(List.of());
    assertThat(end.left()).isEqualTo(List.of(step("mail")));
  }

  @Test
  void anEffectThatDoesNotSayHowItIsUndoneDoesNotGoOut() {
    Workflow<String, String> silent =
        trip().body((run, in) -> run.effect("pay", "pay", stage.world.effect(Contract.KEYED)));
    assertThat(played(silent))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt ->
                assertThat(halt.reason())
                    .contains("Workflow trip rolls back, and effect:pay#0 does not say")
                    .contains("noUndo(reason)"));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void anUndoThatNobodyRegisteredIsNoticedBeforeTheEffect() {
    Workflow<String, String> workflow =
        Workflow.of("trip", String.class, String.class)
            .body((run, in) ->
                run.effect("pay", "pay", stage.world.effect(Contract.KEYED).undo("refund")));
    assertThat(played(workflow))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("'refund'").contains("does not register"));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void anUndoIsRegisteredOnce() {
    Workflow<String, String> twice =
        trip().undo("cancel", String.class, String.class, this::cancel).body((run, in) -> "");
    assertThatThrownBy(() -> stage.open(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("registers the undo 'cancel' twice");
  }

  @Test
  void whatHappenedOnlyAfterItsDoubtWasSettledIsUndoneAsTheLaterOne() {
    stage.world.failBefore(
        "hotel",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.parallel(
                  "both",
                  List.of(
                      new Run.Branch<>("a", b -> b.effect("hotel", "hotel", booked(Contract.ONCE))),
                      new Run.Branch<>("b", this::flightOnceCalled)));
              return fail(run);
            });
    seatsAreSoldOut();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Awaitility.await()
        .atMost(Stage.PATIENCE)
        .until(() -> handle.outcome() instanceof Outcome.InDoubt);
    engine.client().signal("r", "go", "1", "", "ann");
    Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.world.happened("flight") == 1);
    StepPath hotel = StepPath.ROOT.child("par", "both", 0).branch("a").child("effect", "hotel", 0);
    engine.client().settle("r", hotel, new Verdict.DidNotHappen(), "ann", "asked");

    compensated(stage.settled(handle));
    assertThat(undone).containsExactly("hotel answer to hotel", "flight answer to flight");
  }

  private String flightOnceCalled(Run run) {
    run.awaitSignal("go", String.class, Duration.ofDays(1));
    return run.effect("flight", "flight", booked(Contract.KEYED));
  }

  @Test
  void aDoubtIsSettledBeforeAnythingIsUndone() {
    loseTheAnswerOf("flight");
    Workflow<String, String> workflow = booking(Contract.ONCE);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);

    engine.client().rollBack("r", "ann", "the customer died");
    assertThat(stage.settled(handle))
        .isEqualTo(
            new Outcome.InDoubt<>(
                List.of(
                    new Outcome.Doubt(
                        FLIGHT, "the attempt failed with IOException: IOException: lost"))));
    assertThat(undone).isEmpty();

    var happened = new Verdict.Happened(engine.client().encode("F-1"));
    engine.client().settle("r", FLIGHT, happened, "ann", "asked them");
    assertThat(handle.await(Stage.PATIENCE)).isInstanceOf(Outcome.Compensated.class);
    assertThat(undone).containsExactly("flight F-1", "hotel answer to hotel");
  }

  @Test
  void whatDidNotHappenIsNotUndone() {
    loseTheAnswerOf("flight");
    Workflow<String, String> workflow = booking(Contract.ONCE);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);
    engine.client().rollBack("r", "ann", "enough");
    engine.client().settle("r", FLIGHT, new Verdict.DidNotHappen(), "ann", "asked them");

    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Compensated.class);
    assertThat(undone).containsExactly("hotel answer to hotel");
    assertThat(stage.world.calls("flight")).isEqualTo(1);
  }

  @Test
  void anEffectMayBeUndoneUnseen() {
    loseTheAnswerOf("flight");
    Workflow<String, String> workflow =
        Workflow.of("trip", String.class, String.class)
            .undo("cancel", String.class, String.class, this::cancel)
            .body((run, in) ->
                run.effect("hotel", "hotel", booked(Contract.KEYED))
                    + run.effect(
                        "flight", "flight", booked(Contract.ONCE).onDoubt(DoubtPolicy.COMPENSATE)));

    assertThat(played(workflow)).isInstanceOf(Outcome.Compensated.class);
    assertThat(undone).containsExactly("flight ?", "hotel answer to hotel");
  }

  @Test
  void anUndoThatFailsStandsHalfWayUntilItsCauseIsGone() {
    seatsAreSoldOut();
    refuse("undo hotel", "closed");
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt ->
                assertThat(halt.reason())
                    .contains("The rollback stands half-way")
                    .contains("effect:hotel#0/undo:cancel#0")
                    .contains("closed"));
    engine.client().resume("r", "ann", "they are open");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Compensated.class);
    assertThat(undone).containsExactly("flight answer to flight", "hotel answer to hotel");
    assertThat(stage.world.happened("undo flight")).isEqualTo(1);
  }

  @Test
  void aPersonMayUndoByHandWhatCannotBeUndone() {
    seatsAreSoldOut();
    refuse("undo hotel", "gone");
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);
    StepPath undo = HOTEL.child("undo", "cancel", 0);
    var happened = new Verdict.Happened(engine.client().encode("by phone"));
    engine.client().settle("r", undo, happened, "ann", "called the owner");

    Outcome.Compensated<?> end = compensated(handle.await(Stage.PATIENCE));
    assertThat(end.undone()).isEqualTo(List.of(FLIGHT, HOTEL));
    assertThat(undone).containsExactly("flight answer to flight");
  }

  @Test
  void anUndoIsTriedAgainAsItsRetryPolicySays() {
    seatsAreSoldOut();
    stage.world.failBefore(
        "undo flight",
        () -> {
          throw new IOException("away");
        });
    stage.world.failAfter(
        "undo flight",
        () -> {
          throw new IOException("lost");
        });
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Compensated.class);
    assertThat(stage.world.happened("undo flight")).isEqualTo(1);
    assertThat(stage.world.keys("undo flight").stream().distinct()).hasSize(1);
  }

  @Test
  void aWaitingRunIsRolledBackAndCancelsAreRefusedThen() {
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              run.awaitSignal("go", String.class, Duration.ofDays(3));
              return "gone";
            });
    refuse("undo hotel", "closed");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().rollBack("r", "ann", "changed her mind");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    engine.client().cancel("r", "bob", "too slow");
    Awaitility.await()
        .atMost(Stage.PATIENCE)
        .until(() -> !stage.entries("r", Entry.MessageRefused.class).isEmpty());
    stage.settled(handle);
    engine.client().resume("r", "ann", "open again");

    Outcome.Compensated<?> end = compensated(stage.settled(handle));
    assertThat(end.reason()).isEqualTo("changed her mind");
    assertThat(stage.entries("r", Entry.MessageRefused.class))
        .extracting(Entry.MessageRefused::reason)
        .containsExactly("the run is being rolled back");
  }

  @Test
  void aQuarantinedRunIsRolledBackWithoutItsCode() {
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              throw new IllegalStateException("a bug");
            });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);

    engine.client().rollBack("r", "ann", "the code is broken");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Compensated.class);
    assertThat(undone).containsExactly("hotel answer to hotel");
    assertThatThrownBy(() -> engine.client().rollBack("r", "ann", "again"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
  }

  @Test
  void branchesAreUndoneInTheReverseOrderOfTheirOutcomes() {
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.parallel("all", List.of(branch("a"), branch("b"), branch("c")));
              return fail(run);
            });
    seatsAreSoldOut();

    assertThat(played(workflow)).isInstanceOf(Outcome.Compensated.class);
    List<StepPath> done =
        stage.entries("r", Entry.EffectSucceeded.class).stream()
            .map(Entry.EffectSucceeded::path)
            .filter(path -> path.kind().equals("effect"))
            .toList();
    assertThat(stage.entries("r", Entry.RunCompensated.class))
        .extracting(Entry.RunCompensated::undone)
        .containsExactly(done.reversed());
  }

  @Test
  void aFailureThatTheCodeCaughtUndoesNothing() {
    seatsAreSoldOut();
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              try {
                return fail(run);
              } catch (EffectFailed sold) {
                return "standing";
              }
            });
    assertThat(played(workflow)).isEqualTo(new Outcome.Completed<>("standing"));
    assertThat(undone).isEmpty();
  }

  @Test
  void anUndoThatUsedUpItsAttemptsAndMayHaveHappenedStandsHalfWay() {
    stage.limits(
        limits -> limits.retry(new RetryPolicy(1, Duration.ofMillis(1), Duration.ofMillis(1), 0)));
    seatsAreSoldOut();
    stage.world.failAfter(
        "undo flight",
        () -> {
          throw new IOException("lost");
        });
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Quarantined.class);
    assertThat(undone).isEmpty();

    engine.client().resume("r", "ann", "the line is up");
    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Compensated.class);
    assertThat(stage.world.happened("undo flight")).isEqualTo(1);
  }

  @Test
  void aRunThatCompletedIsUndoneWhenSomebodySaysSo() {
    Workflow<String, String> workflow =
        trip().body((run, in) -> run.effect("hotel", "hotel", booked(Contract.KEYED)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);

    engine.client().rollBack("r", "ann", "booked by mistake");

    becomes(() -> handle.outcome(), Outcome.Compensated.class);
    assertThat(undone).containsExactly("hotel answer to hotel");
  }

  @Test
  void aRefusedUndoIsAskedAgainUnderItsOwnKey() {
    var keys = new ArrayList<IdempotencyKey>();
    Workflow<String, String> workflow =
        Workflow.of("trip", String.class, String.class)
            .undo(
                "cancel",
                String.class,
                String.class,
                (key, booking, answer) -> {
                  keys.add(key);
                  if (keys.size() == 1) {
                    throw new KnownFailure(new Failure.Rejected("closed", "at night"));
                  }
                })
            .body((run, in) -> run.effect("hotel", "hotel", booked(Contract.KEYED)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);
    engine.client().rollBack("r", "ann", "no");
    becomes(() -> handle.outcome(), Outcome.Quarantined.class);
    engine.client().resume("r", "ann", "morning");

    assertThat(stage.settled(engine.find("r", String.class)))
        .isInstanceOf(Outcome.Compensated.class);
    assertThat(keys.stream().distinct()).hasSize(2);
  }
}
