package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs, troubles and crashes drawn by a seed; the laws are the same for all. */
class RandomProgramsTest {
  private static final int CRASHES_MAX = 4;
  private static final int BOUNDARY_MAX = 60;
  private static final int NUDGES_MAX = 60;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyFactTakesPlaceOnceAndTheResultIsThatOfAnUndisturbedRun(long seed) {
    var random = new Random(seed);
    var draw = new Draw(random);
    Program program = draw.program();
    try (Stage stage = Stage.leaping().commitDelay(Duration.ofMillis(random.nextInt(2)))) {
      draw.trouble(stage.world);
      Workflow<String, String> workflow =
          Workflow.of("w", String.class, String.class)
              .body((run, input) -> program.play(run, Program.Scene.of(stage.world)));
      for (int crashes = random.nextInt(CRASHES_MAX + 1); crashes > 0; crashes--) {
        crash(stage, workflow, 1 + random.nextInt(BOUNDARY_MAX));
      }
      List<Recorded> left = stage.remains("r");
      Engine engine = stage.open(workflow);
      Outcome<String> outcome = nudged(stage, engine, engine.start(workflow, "r", "in"));

      assertThat(outcome)
          .as(() -> "seed %d: %s, %s".formatted(seed, stage.world, stage.history("r")))
          .isEqualTo(new Outcome.Completed<>(program.expected()));
      Laws.checkPrefix(left, stage.history("r"));
      checkFacts(seed, draw.acts(), stage);
    }
  }

  private static void checkFacts(long seed, List<Program.Act> acts, Stage stage) {
    for (Program.Act act : acts) {
      assertThat(stage.world.happened(act.fact()))
          .as(() -> "seed %d: %s in %s".formatted(seed, act, stage.history("r")))
          .isEqualTo(act.contract() == Contract.READ ? 0 : 1);
    }
  }

  private static void crash(Stage stage, Workflow<String, String> workflow, int number) {
    List<Recorded> before = stage.remains("r");
    var strike = Strike.at(number);
    Engine engine = stage.open(strike, workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    for (int looked = 0; looked < 100; looked++) {
      if (strike.strikesWithin(Duration.ofMillis(1))
          || !(handle.outcome() instanceof Outcome.Waiting<String> waiting)) {
        break;
      }
      stage.advanceTo(waiting);
    }
    engine.crash();
    Laws.checkPrefix(before, stage.remains("r"));
  }

  /** Does what a person would: settles doubts after a look at the world, resumes what halted. */
  private static Outcome<String> nudged(Stage stage, Engine engine, Handle<String> handle) {
    Outcome<String> outcome = stage.driven(handle);
    for (int nudges = 0; nudges < NUDGES_MAX && !outcome.isEnded(); nudges++) {
      if (outcome instanceof Outcome.InDoubt<String> doubt) {
        settle(stage, engine, doubt.effects().getFirst());
      } else {
        engine.client().resume("r", "ann", "try again");
      }
      outcome = stage.driven(handle);
    }
    return outcome;
  }

  private static void settle(Stage stage, Engine engine, Outcome.Doubt doubt) {
    String fact = stage.factOf("r", doubt.path());
    Verdict verdict =
        stage.world.happened(fact) == 0
            ? new Verdict.DidNotHappen()
            : new Verdict.Happened(engine.client().encode(World.answer(fact)));
    engine.client().settle("r", doubt.path(), verdict, "ann", "looked");
  }
}
