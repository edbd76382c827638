package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A replay that takes another path than before is quarantined, says so, and can be fixed. */
class ChangedCodeTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  /** A change of the code below, and what its message must name. */
  record Change(String name, Workflow.Body<World, String> body, List<String> named) {
    Change(String name, Workflow.Body<World, String> body, String... named) {
      this(name, body, List.of(named));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What runs before and after every change: two effects, a scope, two branches, a far wait. */
  private static String original(Run run, World world) {
    run.effect("first", "a", keyed(world));
    run.effect("second", "b", keyed(world));
    run.scope("part", part -> part.effect("inner", "c", keyed(world)));
    run.parallel("both", List.of(branch("left", "d", world), branch("right", "e", world)));
    return run.effect("far", "far", keyed(world));
  }

  private static void first(Run run, World world) {
    run.effect("first", "a", keyed(world));
  }

  private static void firstTwo(Run run, World world) {
    first(run, world);
    run.effect("second", "b", keyed(world));
  }

  private static void firstThree(Run run, World world) {
    firstTwo(run, world);
    run.scope("part", part -> part.effect("inner", "c", keyed(world)));
  }

  static Stream<Change> changes() {
    return Stream.of(otherSteps(), stepsMoreOrLess(), otherScopes(), otherBranches())
        .flatMap(changes -> changes);
  }

  private static Stream<Change> otherSteps() {
    return Stream.of(
        new Change(
            "another name",
            (run, world) -> {
              first(run, world);
              return run.effect("other", "b", keyed(world));
            },
            "'effect:second#0'",
            "attempted 'effect:other#0'",
            "INSERTED"),
        new Change(
            "another kind of step",
            (run, world) -> {
              first(run, world);
              return run.step("second", String.class, () -> "b");
            },
            "'effect:second#0'",
            "attempted 'step:second#0'",
            "INSERTED"),
        new Change(
            "another input",
            (run, world) -> {
              first(run, world);
              return run.effect("second", "changed", keyed(world));
            },
            "'effect:second#0'",
            "\"b\"",
            "\"changed\"",
            "CHANGED",
            "'b' is now 'changed' at character 2"),
        new Change(
            "another contract",
            (run, world) -> {
              first(run, world);
              return run.effect("second", "b", world.effect(Contract.ONCE));
            },
            "'effect:second#0'",
            "KEYED is now ONCE"));
  }

  private static Stream<Change> stepsMoreOrLess() {
    return Stream.of(
        new Change(
            "a step less at the end",
            (run, world) -> {
              first(run, world);
              return "done";
            },
            "'effect:second#0'",
            "REMOVED",
            "ended without it"),
        new Change(
            "a step less in the middle",
            (run, world) -> {
              run.effect("second", "b", keyed(world));
              return original(run, world);
            },
            "'effect:first#0'",
            "attempted 'effect:second#0'",
            "REMOVED"),
        new Change(
            "a step more",
            (run, world) -> {
              first(run, world);
              run.effect("more", "more", keyed(world));
              return run.effect("second", "b", keyed(world));
            },
            "'effect:second#0'",
            "attempted 'effect:more#0'",
            "INSERTED"));
  }

  private static Stream<Change> otherScopes() {
    return Stream.of(
        new Change(
            "a scope without its step",
            (run, world) -> {
              firstTwo(run, world);
              return run.scope("part", part -> "nothing");
            },
            "'effect:inner#0'",
            "scope 'scope:part#0'",
            "ended without it"),
        new Change(
            "a scope that fails before its step, and is caught",
            (run, world) -> {
              firstTwo(run, world);
              try {
                run.scope("part", part -> throwing(new IllegalStateException("bug")));
              } catch (IllegalStateException caught) {
                run.parallel("both", List.of(branch("left", "d", world)));
              }
              return "done";
            },
            "'effect:inner#0'",
            "scope 'scope:part#0'"),
        new Change(
            "a declared failure before the second step",
            (run, world) -> {
              first(run, world);
              throw new UnsupportedOperationException("declared");
            },
            "'effect:second#0'"));
  }

  private static Stream<Change> otherBranches() {
    return Stream.of(
        new Change(
            "a branch less",
            (run, world) -> {
              firstThree(run, world);
              run.parallel("both", List.of(branch("left", "d", world)));
              return run.effect("far", "far", keyed(world));
            },
            "'par:both#0'",
            "CHANGED",
            "[left, right]",
            "[left]"),
        new Change(
            "a branch more",
            (run, world) -> {
              firstThree(run, world);
              run.parallel(
                  "both",
                  List.of(
                      branch("left", "d", world),
                      branch("right", "e", world),
                      branch("third", "f", world)));
              return run.effect("far", "far", keyed(world));
            },
            "'par:both#0'",
            "[left, right, third]"),
        new Change(
            "another input inside a branch",
            (run, world) -> {
              firstThree(run, world);
              run.parallel(
                  "both", List.of(branch("left", "d", world), branch("right", "x", world)));
              return "done";
            },
            "right",
            "\"x\""));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void isQuarantinedWithAReadableMessageAndCompletesOnceFixed(Change change) {
    parkedBeforeTheChange();

    Workflow<String, String> changed = workflow(change.body());
    Engine broken = stage.open(changed);
    stage.clock.advance(Duration.ofHours(3));
    String reason = quarantined(stage.settled(broken.find("r", String.class)));

    assertThat(reason)
        .contains(change.named().toArray(new String[0]))
        .contains("Run r")
        .contains("version");
    assertThat(reason).containsPattern("Entry \\d+").contains("resume");
    assertThat(stage.world.calls("more")).isZero();
    assertThat(stage.world.calls("f")).isZero();
    broken.close();

    Engine fixed = stage.open(workflow(ChangedCodeTest::original));
    fixed.client().resume("r", "ann", "deployed the old code");
    assertThat(stage.settled(fixed.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to far"));
    for (String fact : List.of("a", "b", "c", "d", "e", "far")) {
      assertThat(stage.world.happened(fact)).as(fact).isEqualTo(1);
    }
  }

  private void parkedBeforeTheChange() {
    stage.world.failBefore("far", () -> later());
    Workflow<String, String> workflow = workflow(ChangedCodeTest::original);
    try (Engine engine = stage.open(workflow)) {
      stage.parked(engine.start(workflow, "r", "in"));
    }
  }

  @Test
  void aChangedInputIsRecordedWhereTheStepAllowsIt() {
    stage.world.failBefore("far", () -> later());
    Workflow<String, String> before = prompting("old prompt");
    try (Engine engine = stage.open(before)) {
      stage.parked(engine.start(before, "r", "in"));
    }
    Workflow<String, String> after = prompting("new prompt");
    Engine engine = stage.open(after);

    Handle<String> handle = engine.find("r", String.class);
    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to old prompt"));
    assertThat(stage.entries("r", Entry.InputDrifted.class)).hasSize(1);
    assertThat(stage.world.calls("new prompt")).isZero();
  }

  private Workflow<String, String> prompting(String prompt) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          String answer =
              run.effect(
                  "ask",
                  prompt,
                  stage.world.effect(Contract.IDEMPOTENT).onMismatch(Effect.OnMismatch.RECORD));
          run.effect("far", "far", keyed(stage.world));
          return answer;
        });
  }

  @Test
  void aStepThatFailedAndWasCaughtFailsAgainOnReplay() {
    var parses = new ArrayList<String>();
    stage.world.failBefore("far", () -> later());
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String parsed;
              try {
                parsed =
                    run.step(
                        "parse",
                        String.class,
                        () -> {
                          parses.add("parse");
                          return throwing(new NumberFormatException("not a number"));
                        });
              } catch (EffectFailed failed) {
                parsed = run.step("default", String.class, () -> "0");
              }
              return parsed + run.effect("far", "far", keyed(stage.world));
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("0answer to far"));
    assertThat(parses).as("its outcome is recorded").hasSize(1);
  }

  @Test
  void aStepThatFailedUncaughtIsTriedAgainAfterAResume() {
    Workflow<String, String> broken =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              first(run, stage.world);
              return run.step(
                  "parse", String.class, () -> throwing(new NumberFormatException("no number")));
            });
    try (Engine engine = stage.open(broken)) {
      assertThat(quarantined(stage.settled(engine.start(broken, "r", "in"))))
          .contains("step:parse#0", "NumberFormatException", "no number", "resume");
    }
    Workflow<String, String> fixed =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              first(run, stage.world);
              return run.step("parse", String.class, () -> "7");
            });
    Engine engine = stage.open(fixed);
    engine.client().resume("r", "ann", "fixed the parser");

    assertThat(stage.settled(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("7"));
    assertThat(stage.world.happened("a")).isEqualTo(1);
  }

  @Test
  void anInputThatCannotBeEncodedQuarantinesEvenWhereItIsCaught() {
    stage.limits(limits -> limits.payloadBytesMax(1_024));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                return run.effect("big", "x".repeat(2_000), keyed(stage.world));
              } catch (RuntimeException caught) {
                return run.effect("small", "x", keyed(stage.world));
              }
            });
    Engine engine = stage.open(workflow);

    assertThat(quarantined(stage.settled(engine.start(workflow, "r", "in"))))
        .contains("effect:big#0", "2,002", "1,024", "payloadBytesMax");
    assertThat(stage.world.calls("x")).isZero();
    engine.close();

    stage.limits(limits -> limits.payloadBytesMax(4_096));
    Engine larger = stage.open(workflow);
    larger.client().resume("r", "ann", "raised the limit");
    assertThat(stage.settled(larger.find("r", String.class))).isInstanceOf(Outcome.Completed.class);
  }

  private static Workflow<String, String> workflow(World world, Workflow.Body<World, String> body) {
    return Workflow.of("w", String.class, String.class)
        .failsOn(UnsupportedOperationException.class)
        .body((run, input) -> body.execute(run, world));
  }

  private Workflow<String, String> workflow(Workflow.Body<World, String> body) {
    return workflow(stage.world, body);
  }

  private static String quarantined(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    return ((Outcome.Quarantined<String>) outcome).reason();
  }

  private static String throwing(RuntimeException thrown) {
    throw thrown;
  }

  private static void later() {
    throw KnownFailure.tryLater("429", "busy", Optional.of(Duration.ofHours(2)));
  }

  private static Effect<String, String> keyed(World world) {
    return world.effect(Contract.KEYED);
  }

  private static Run.Branch<String> branch(String label, String fact, World world) {
    return new Run.Branch<>(label, branch -> branch.effect("in-" + label, fact, keyed(world)));
  }
}
