package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change that asks whether it is one: old runs go on as they began, new ones take it. */
class PatchTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  private String pay(Run run, String fact) {
    return pay(stage, run, fact);
  }

  private static String pay(Stage stage, Run run, String fact) {
    Effect<String, String> keyed = stage.world.effect(Contract.KEYED);
    return run.effect(fact, fact, keyed);
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  /** Starts the run with that code and leaves it asleep. */
  private void asleep(Function<Run, String> code) {
    Workflow<String, String> workflow = workflow(code);
    try (Engine engine = stage.open(workflow)) {
      stage.parked(engine.start(workflow, "r", "in"));
    }
  }

  /** Goes on with that code to the end. */
  private Outcome<String> ended(Function<Run, String> code) {
    Workflow<String, String> workflow = workflow(code);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    return stage.driven(handle);
  }

  private void completed(Function<Run, String> code, String result) {
    assertThat(ended(code)).isEqualTo(new Outcome.Completed<>(result));
  }

  private String refused(Function<Run, String> code) {
    Outcome<String> outcome = ended(code);
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    return ((Outcome.Quarantined<String>) outcome).reason();
  }

  private List<StepPath> patches() {
    return stage.entries("r", Entry.PatchApplied.class).stream()
        .map(Entry.PatchApplied::path)
        .toList();
  }

  private static String old(PatchTest test, Run run) {
    test.pay(run, "order");
    run.sleep("a-day", Duration.ofDays(1));
    return test.pay(run, "mail");
  }

  /** Checks the stock before it orders; mails as before. */
  private static String changed(PatchTest test, Run run) {
    if (run.patched("check-stock")) {
      test.pay(run, "stock");
    }
    return old(test, run);
  }

  @Test
  void aNewRunTakesTheNewCodeOnEveryReplay() {
    asleep(run -> changed(this, run));
    completed(run -> changed(this, run), "answer to mail");

    assertThat(patches()).containsExactly(StepPath.ROOT.child("patch", "check-stock", 0));
    assertThat(stage.world.calls("stock")).isEqualTo(1);
  }

  @Test
  void aRunThatHadGoneOnTakesTheOldCode() {
    asleep(run -> old(this, run));
    completed(run -> changed(this, run), "answer to mail");

    assertThat(patches()).isEmpty();
    assertThat(stage.world.calls("stock")).isZero();
  }

  @Test
  void aRunThatHadNotComeThereTakesTheNewCode() {
    asleep(run -> old(this, run));
    completed(
        run -> {
          pay(run, "order");
          run.sleep("a-day", Duration.ofDays(1));
          return run.patched("letter") ? pay(run, "letter") : pay(run, "mail");
        },
        "answer to letter");

    assertThat(stage.world.calls("mail")).isZero();
  }

  @Test
  void theFirstAnswerCountsForTheWholeScope() {
    var answers = new ArrayList<Boolean>();
    Function<Run, String> looping =
        run -> {
          answers.clear();
          for (int day = 0; day < 4; day++) {
            answers.add(run.patched("loop"));
            run.sleep("a-day", Duration.ofDays(1));
          }
          return "done";
        };
    asleep(run -> {
      run.sleep("a-day", Duration.ofDays(1));
      return "never";
    });
    completed(looping, "done");

    assertThat(answers).containsExactly(false, false, false, false);
  }

  @Test
  void eachScopeHasItsOwnAnswer() {
    asleep(run -> old(this, run));
    completed(
        run -> {
          boolean outside = run.patched("both");
          String old = old(this, run);
          return outside + " " + run.scope("new", inner -> "" + inner.patched("both")) + " " + old;
        },
        "false true answer to mail");
  }

  @Test
  void thePatchAndTheOldCodeMayGoOnceAllRunsHaveIt() {
    asleep(run -> changed(this, run));
    completed(
        run -> {
          pay(run, "stock");
          return old(this, run);
        },
        "answer to mail");
  }

  @Test
  void onePatchMayGoBeforeAnother() {
    asleep(run -> {
      boolean both = run.patched("one") && run.patched("two");
      return both + old(this, run);
    });
    completed(run -> run.patched("two") + old(this, run), "trueanswer to mail");
  }

  @Test
  void aScopeThatHadEndedIsNotPatchedAtItsEnd() {
    asleep(run -> run.scope("part", part -> pay(part, "order")) + old(this, run));
    completed(
        run -> run.scope("part", part -> pay(part, "order") + part.patched("end")) + old(this, run),
        "answer to orderfalseanswer to mail");
  }

  @Test
  void aStepAtTheEndOfAScopeThatHadEndedIsAnInsertedOne() {
    asleep(run -> run.scope("part", part -> pay(part, "order")) + old(this, run));

    assertThat(
            refused(run ->
                run.scope("part", part -> pay(part, "order") + pay(part, "more")) + old(this, run)))
        .contains("INSERTED", "scope 'scope:part#0'", "attempted 'effect:more#0'", "patched");
    assertThat(stage.world.calls("more")).isZero();
  }

  @Test
  void anIgnoredChangeOfTheInputLeavesNoTrace() {
    Function<String, Function<Run, String>> asking =
        text ->
            run -> {
              Effect<String, String> ask =
                  stage.world.effect(Contract.IDEMPOTENT).onMismatch(Effect.OnMismatch.IGNORE);
              String answer = run.effect("ask", text, ask);
              run.sleep("a-day", Duration.ofDays(1));
              return answer;
            };
    asleep(asking.apply("old"));
    completed(asking.apply("new"), "answer to old");
    assertThat(stage.entries("r", Entry.InputDrifted.class)).isEmpty();
    assertThat(stage.world.calls("new")).isZero();
  }

  /** An old run that is asleep when the change is deployed, and a new one beside it. */
  private static final class Deployed implements CrashHarness.Scenario {
    private final Stage stage = Stage.leaping();
    private final Workflow<String, String> changed =
        workflow(run -> {
          String checked = run.patched("check") ? pay(stage, run, run.id() + "-check") : "none";
          run.sleep("a-day", Duration.ofDays(1));
          run.parallel("both", List.of(branch("left"), branch("right")));
          return checked + (run.patched("bill") ? pay(stage, run, run.id() + "-bill") : "");
        });

    Deployed() {
      Workflow<String, String> old =
          workflow(run -> {
            run.sleep("a-day", Duration.ofDays(1));
            return "never";
          });
      try (Engine engine = stage.open(old)) {
        stage.parked(engine.start(old, "old", "in"));
      }
    }

    private Run.Branch<String> branch(String label) {
      return new Run.Branch<>(
          label,
          branch -> branch.patched("side") ? pay(stage, branch, branch.id() + "-" + label) : "not");
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      return stage.open(faultPoints, changed);
    }

    @Override
    public void drive(Engine engine) {
      assertThat(stage.driven(engine.start(changed, "new", "in")))
          .isEqualTo(new Outcome.Completed<>("answer to new-checkanswer to new-bill"));
      assertThat(stage.driven(engine.start(changed, "old", "in")))
          .isEqualTo(new Outcome.Completed<>("noneanswer to old-bill"));
    }

    @Override
    public void check() {
      for (String fact : List.of("new-check", "new-left", "old-right", "old-bill")) {
        assertThat(stage.world.happened(fact)).as(fact).isEqualTo(1);
      }
      assertThat(stage.world.calls("old-check")).isZero();
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @Test
  void everyBoundary() {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(Deployed::new);

    assertThat(struck).hasSizeGreaterThan(20);
  }
}
