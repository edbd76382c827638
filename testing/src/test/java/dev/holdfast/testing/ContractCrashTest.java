package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One crash at each boundary of one effect under each contract. */
class ContractCrashTest {
  private static final StepPath PATH = new StepPath("effect:it#0");
  private static final Set<Boundary> OF_STEPS =
      EnumSet.range(Boundary.BEFORE_INTENT, Boundary.AFTER_COMMIT);

  private static final Set<Boundary> BEHIND_THE_INTENT =
      EnumSet.range(Boundary.AFTER_INTENT, Boundary.AFTER_OUTCOME);

  static Stream<Arguments> crashes() {
    return Stream.of(Contract.values())
        .flatMap(contract ->
            OF_STEPS.stream()
                .flatMap(boundary ->
                    Stream.of(0, 2)
                        .filter(delay -> isReached(contract, boundary, delay))
                        .map(delay -> Arguments.of(contract, boundary, delay))));
  }

  private static boolean isReached(Contract contract, Boundary boundary, int delayMillis) {
    return switch (boundary) {
      case BEFORE_INTENT, AFTER_INTENT -> contract != Contract.READ;
      case BEFORE_COMMIT, AFTER_COMMIT -> delayMillis > 0;
      default -> true;
    };
  }

  @ParameterizedTest(name = "{0} {1}, commits of {2} ms")
  @MethodSource("crashes")
  void theFactTakesPlaceOnceOrItsDoubtIsReported(
      Contract contract, Boundary boundary, int delayMillis) {
    try (var stage = Stage.leaping().commitDelay(Duration.ofMillis(delayMillis))) {
      Workflow<String, String> workflow = threeSteps(stage.world, contract);
      List<Recorded> left = crashedAt(boundary, "it", stage, workflow);
      if (contract != Contract.READ && BEHIND_THE_INTENT.contains(boundary)) {
        assertThat(intents(left)).as("nothing leaves before its intent").contains(PATH);
      }

      Engine engine = stage.open(workflow);
      Handle<String> handle = engine.start(workflow, "r", "in");
      Outcome<String> outcome = stage.driven(handle);
      if (contract == Contract.ONCE && isOpen(left)) {
        outcome = settledFromTheWorld(stage, engine, handle, outcome);
      }

      assertThat(outcome).isEqualTo(new Outcome.Completed<>("a it z"));
      assertThat(stage.world.happened("a")).isEqualTo(1);
      assertThat(stage.world.happened("z")).isEqualTo(1);
      assertThat(stage.world.happened("it")).isEqualTo(contract == Contract.READ ? 0 : 1);
      Laws.checkPrefix(left, stage.history("r"));
    }
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void aFinishedStepReachesNoBoundaryOnReplay(Contract contract) {
    try (var stage = Stage.leaping()) {
      Workflow<String, String> workflow = threeSteps(stage.world, contract);
      crashedAt(Boundary.BEFORE_INTENT, "last", stage, workflow);
      var reached = new CopyOnWriteArrayList<String>();
      Engine engine =
          stage.open((boundary, run, path) -> reached.add(boundary + " " + path.name()), workflow);
      stage.settled(engine.find("r", String.class));

      assertThat(reached)
          .containsExactly(
              "BEFORE_CLAIM ",
              "AFTER_CLAIM ",
              "BEFORE_INTENT last",
              "AFTER_INTENT last",
              "BEFORE_CALL last",
              "AFTER_CALL last",
              "BEFORE_OUTCOME last",
              "AFTER_OUTCOME last",
              "BEFORE_OUTCOME ");
    }
  }

  private static Workflow<String, String> threeSteps(World world, Contract contract) {
    return Workflow.of("three", String.class, String.class)
        .body((run, input) -> {
          run.effect("first", "a", world.effect(Contract.KEYED));
          run.effect("it", "it", world.effect(contract));
          run.effect("last", "z", world.effect(Contract.KEYED));
          return "a it z";
        });
  }

  private static List<Recorded> crashedAt(
      Boundary boundary, String name, Stage stage, Workflow<String, String> workflow) {
    var strike = Strike.at(boundary, name);
    Engine engine = stage.open(strike, workflow);
    engine.start(workflow, "r", "in");
    strike.crash(engine);
    return stage.remains("r");
  }

  private static List<StepPath> intents(List<Recorded> left) {
    return left.stream()
        .map(Recorded::entry)
        .filter(Entry.EffectIntended.class::isInstance)
        .map(entry -> ((Entry.EffectIntended) entry).path())
        .toList();
  }

  /** Whether the intent is durable and the outcome is not. */
  private static boolean isOpen(List<Recorded> left) {
    return intents(left).contains(PATH)
        && left.stream()
            .noneMatch(r -> r.entry() instanceof Entry.EffectSucceeded e && e.path().equals(PATH));
  }

  private static Outcome<String> settledFromTheWorld(
      Stage stage, Engine engine, Handle<String> handle, Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    assertThat(((Outcome.InDoubt<String>) outcome).effects())
        .extracting(Outcome.Doubt::path)
        .containsExactly(PATH);
    Verdict verdict =
        stage.world.happened("it") == 0
            ? new Verdict.DidNotHappen()
            : new Verdict.Happened(engine.client().encode(World.answer("it")));
    engine.client().settle("r", PATH, verdict, "ann", "looked at the target");
    return stage.driven(handle);
  }
}
