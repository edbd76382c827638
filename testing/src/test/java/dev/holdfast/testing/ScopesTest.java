package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scopes, branches, and who may use them from where. */
class ScopesTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void repeatsAreNumberedWithinTheirScopeAlone() {
    Outcome<String> outcome =
        played(run -> {
          run.effect("a", "1", keyed());
          run.effect("a", "2", keyed());
          run.effect("b", "3", keyed());
          run.scope("s", inner -> inner.effect("a", "4", keyed()));
          run.scope("s", inner -> inner.effect("a", "5", keyed()));
          run.parallel("p", List.of(branch("x", b -> b.effect("a", "6", keyed()))));
          return run.effect("a", "7", keyed());
        });
    assertThat(outcome).isInstanceOf(Outcome.Completed.class);

    assertThat(stage.entries("r", Entry.EffectIntended.class))
        .extracting(intended -> intended.path().text())
        .containsExactly(
            "effect:a#0",
            "effect:a#1",
            "effect:b#0",
            "scope:s#0/effect:a#0",
            "scope:s#1/effect:a#0",
            "par:p#0/branch:x/effect:a#0",
            "effect:a#2");
  }

  @Test
  void resultsOfBranchesComeInTheOrderGivenWhateverEndsFirst() {
    var second = new CountDownLatch(1);
    stage.world.failBefore("one", second::await);
    stage.world.failAfter("two", second::countDown);
    Outcome<String> outcome =
        played(run ->
            String.join(
                ",",
                run.parallel(
                    "p",
                    List.of(
                        branch("one", b -> b.effect("e", "one", keyed())),
                        branch("two", b -> b.effect("e", "two", keyed()))))));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("answer to one,answer to two"));
  }

  @Test
  void aHundredBranchesKeepTheirPathsApart() {
    List<Run.Branch<String>> branches =
        IntStream.range(0, 100)
            .mapToObj(i -> branch("b" + i, b -> b.effect("e", "fact-" + i, keyed())))
            .toList();
    stage.commitDelay(Duration.ofMillis(1));
    Outcome<String> outcome = played(run -> String.valueOf(run.parallel("p", branches).size()));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("100"));
    IntStream.range(0, 100)
        .forEach(i -> assertThat(stage.world.happened("fact-" + i)).isEqualTo(1));
  }

  @Test
  void theFirstExceptionInOrderIsThrownWithTheOthersSuppressedOnceAllHaveEnded() {
    var seen = Collections.synchronizedList(new ArrayList<Throwable>());
    Outcome<String> outcome =
        played(run -> {
          try {
            run.parallel(
                "p",
                List.of(
                    branch("a", b -> b.effect("e", "a", keyed())),
                    branch(
                        "b",
                        b -> {
                          throw new IllegalStateException("from b");
                        }),
                    branch(
                        "c",
                        b -> {
                          b.effect("e", "c", keyed());
                          throw new UnsupportedOperationException("from c");
                        })));
          } catch (RuntimeException e) {
            seen.add(e);
          }
          return "caught";
        });

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("caught"));
    assertThat(seen)
        .singleElement()
        .satisfies(e -> {
          assertThat(e).isInstanceOf(IllegalStateException.class).hasMessage("from b");
          assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("from c");
        });
    assertThat(stage.world.happened("a")).isEqualTo(1);
    assertThat(stage.world.happened("c")).isEqualTo(1);
  }

  @Test
  void branchesNestAndEachMayWait() {
    stage.world.failBefore("deep", () -> later());
    stage.world.failBefore("other", () -> later());
    Handle<String> handle =
        started(run ->
            String.join(
                ",",
                run.parallel(
                    "outer",
                    List.of(
                        branch(
                            "a",
                            a ->
                                a.parallel(
                                        "inner",
                                        List.of(
                                            branch("x", b -> b.effect("e", "deep", keyed())),
                                            branch("y", b -> b.effect("e", "y", keyed()))))
                                    .toString()),
                        branch("b", b -> b.effect("e", "other", keyed()))))));

    assertThat(stage.parked(handle)).hasSize(2);
    assertThat(stage.driven(handle))
        .isEqualTo(new Outcome.Completed<>("[answer to deep, answer to y],answer to other"));
    assertThat(stage.world.calls("y")).isEqualTo(1);
  }

  @Test
  void noBranchesAreNoBranches() {
    Outcome<String> outcome =
        played(run -> run.parallel("p", List.<Run.Branch<String>>of()).toString());

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("[]"));
  }

  @Test
  void twoBranchesOfOneLabelAreRefusedEvenWhereThatIsCaught() {
    Outcome<String> outcome =
        played(run -> {
          try {
            run.parallel("p", List.of(branch("x", b -> "1"), branch("x", b -> "2")));
          } catch (RuntimeException e) {
            return "caught";
          }
          return "none";
        });

    assertThat(reason(outcome)).contains("par:p#0", "'x'", "its own label");
  }

  @Test
  void aStepOnAThreadOfOnesOwnIsRefused() {
    Outcome<String> outcome =
        played(run -> {
          var answer = CompletableFuture.supplyAsync(() -> run.effect("e", "e", keyed()));
          return answer.handle((value, thrown) -> "swallowed").join();
        });

    assertThat(reason(outcome)).contains("Run r", "by thread", "run.parallel");
    assertThat(stage.world.calls("e")).isZero();
  }

  @Test
  void aStepInsideTheBodyOfAnEffectIsRefused() {
    Outcome<String> outcome =
        played(run ->
            run.effect(
                "outer",
                "outer",
                Effect.<String, String>keyed(
                    String.class,
                    (key, fact) -> {
                      stage.world.remember(key, fact);
                      return run.effect("inner", "inner", keyed());
                    })));

    assertThat(reason(outcome)).contains("effect's body");
    assertThat(stage.world.calls("outer")).as("no further attempt is made").isEqualTo(1);
    assertThat(stage.world.calls("inner")).isZero();
  }

  @Test
  void aStepInsideAStepIsRefused() {
    Outcome<String> outcome =
        played(run ->
            run.step("outer", String.class, () -> run.step("inner", String.class, () -> "")));

    assertThat(reason(outcome)).contains("inside one of its own steps");
  }

  @Test
  void theOuterRunIsRefusedInsideItsScopesAndBranches() {
    Function<Run, String> inScope = run -> run.scope("s", in -> run.effect("e", "e", keyed()));
    Function<Run, String> inBranch =
        run ->
            run.parallel("p", List.of(branch("x", b -> run.effect("e", "e", keyed())))).toString();

    assertThat(reason(played(inScope))).contains("scope ''", "inside one of its own steps");
    try (var other = Stage.leaping()) {
      Workflow<String, String> workflow =
          Workflow.of("w", String.class, String.class).body((run, input) -> inBranch.apply(run));
      Handle<String> handle = other.open(workflow).start(workflow, "r", "in");
      assertThat(reason(other.settled(handle))).contains("scope ''", "by thread");
    }
    assertThat(stage.world.calls("e")).isZero();
  }

  @Test
  void aScopeThatHasEndedIsRefused() {
    Outcome<String> outcome =
        played(run -> {
          var leaked = new AtomicReference<Run>(run);
          run.scope(
              "s",
              inner -> {
                leaked.set(inner);
                return "";
              });
          return leaked.get().effect("e", "e", keyed());
        });

    assertThat(reason(outcome)).contains("scope:s#0", "after it had ended");
    assertThat(stage.world.calls("e")).isZero();
  }

  @Test
  void timeAndChanceAreReplayed() {
    var seen = new ArrayList<String>();
    stage.world.failBefore("far", () -> later());
    Handle<String> handle =
        started(run -> {
          seen.add(run.now() + " " + run.random().nextLong() + " " + run.now());
          return run.effect("far", "far", keyed());
        });

    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isEqualTo(seen.get(0)).contains(Stage.START.toString());
    assertThat(stage.entries("r", Entry.ClockRead.class)).hasSize(2);
    assertThat(stage.entries("r", Entry.SeedDrawn.class)).hasSize(1);
  }

  @Test
  void aRunKnowsItsIdAndItsScope() {
    Outcome<String> outcome =
        played(run ->
            run.id()
                + "|"
                + run.scope()
                + "|"
                + run.scope("s", inner -> inner.scope().text())
                + "|"
                + run.parallel("p", List.of(branch("x", b -> b.scope().text()))));

    assertThat(outcome).isEqualTo(new Outcome.Completed<>("r||scope:s#0|[par:p#0/branch:x]"));
  }

  private Outcome<String> played(Function<Run, String> body) {
    return stage.settled(started(body));
  }

  private Handle<String> started(Function<Run, String> body) {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
    return stage.open(workflow).start(workflow, "r", "in");
  }

  private Effect<String, String> keyed() {
    return stage.world.effect(Contract.KEYED);
  }

  private static Run.Branch<String> branch(String label, Function<Run, String> body) {
    return new Run.Branch<>(label, body);
  }

  private static String reason(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    return ((Outcome.Quarantined<String>) outcome).reason();
  }

  private static void later() {
    throw KnownFailure.tryLater("429", "busy", Optional.of(Duration.ofHours(2)));
  }
}
