package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A trip whose bookings are undone, counted outside. */
abstract class Trips {
  static final StepPath HOTEL = step("hotel");
  static final StepPath FLIGHT = step("flight");

  final Stage stage = Stage.leaping();
  final List<String> undone = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    stage.close();
  }

  static StepPath step(String name) {
    return StepPath.ROOT.child("effect", name, 0);
  }

  Workflow.Definition<String, String> trip() {
    return Workflow.of("trip", String.class, String.class)
        .undo("cancel", String.class, String.class, this::cancel)
        .onFailure(Workflow.OnFailure.ROLL_BACK);
  }

  void cancel(IdempotencyKey key, String booking, Optional<String> answer) throws Exception {
    stage.world.remember(key, "undo " + booking);
    undone.add(booking + " " + answer.orElse("?"));
  }

  Effect<String, String> booked(Contract contract) {
    return stage.world.effect(contract).undo("cancel");
  }

  static KnownFailure soldOut() {
    return new KnownFailure(new Failure.Rejected("sold-out", "no seats"));
  }

  Workflow<String, String> booking(Contract contract) {
    return trip()
        .body((run, in) ->
            run.effect("hotel", "hotel", booked(contract))
                + run.effect("flight", "flight", booked(contract))
                + run.effect("seat", "seat", booked(contract)));
  }

  static Outcome.Compensated<?> compensated(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Compensated.class);
    return (Outcome.Compensated<?>) outcome;
  }

  Outcome<String> played(Workflow<String, String> workflow) {
    return stage.settled(stage.open(workflow).start(workflow, "r", "in"));
  }

  String fail(Run run) {
    return run.effect("seat", "seat", booked(Contract.KEYED));
  }

  Run.Branch<String> branch(String label) {
    return new Run.Branch<>(label, run -> run.effect(label, label, booked(Contract.KEYED)));
  }

  /** The next seat is refused for good. */
  void seatsAreSoldOut() {
    stage.world.failBefore(
        "seat",
        () -> {
          throw soldOut();
        });
  }

  /** The next call for that fact is refused for good. */
  void refuse(String fact, String code) {
    stage.world.failBefore(
        fact,
        () -> {
          throw new KnownFailure(new Failure.Rejected(code, "not now"));
        });
  }

  /** The next call for that fact has its effect, and its answer is lost. */
  void loseTheAnswerOf(String fact) {
    stage.world.failAfter(
        fact,
        () -> {
          throw new IOException("lost");
        });
  }

  /** Waits until a run that goes on by itself has come to that. */
  static void becomes(Supplier<Outcome<String>> outcome, Class<?> type) {
    Awaitility.await().atMost(Stage.PATIENCE).until(() -> type.isInstance(outcome.get()));
  }
}
