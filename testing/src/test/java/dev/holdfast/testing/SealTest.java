package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A turn that was sealed is neither played nor read again, and nothing of it is lost. */
class SealTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Stage stage = Stage.leaping();
  private final AtomicInteger played = new AtomicInteger();
  private final AtomicInteger read = new AtomicInteger();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private String pay(Run run, String fact) {
    Effect<String, String> keyed = stage.world.effect(Contract.KEYED);
    return run.effect("pay", fact, keyed);
  }

  /** That many turns of that, and the number of the last as the result. */
  private String loop(Run run, int turns, BiFunction<Run, Integer, ?> body) {
    int last =
        run.turns(
            "loop",
            Integer.class,
            0,
            (turn, number) -> {
              played.incrementAndGet();
              Object ignored = body.apply(turn, number);
              return number + 1 < turns ? Run.Turn.next(number + 1) : Run.Turn.done(number);
            });
    return "last " + last;
  }

  /** Turns, a day's sleep, and the result. */
  private Workflow<String, String> sleepy(int turns, BiFunction<Run, Integer, ?> body) {
    return workflow(run -> {
      String result = loop(run, turns, body);
      run.sleep("a-day", DAY);
      return result;
    });
  }

  private void asleep(Workflow<String, String> workflow) {
    try (Engine engine = stage.open(workflow)) {
      stage.parked(engine.start(workflow, "r", "in"));
    }
    played.set(0);
  }

  private Outcome<String> ended(Workflow<String, String> workflow) {
    stage.through(journal -> counting(journal));
    Engine engine = stage.open(workflow);
    read.set(0);
    return stage.driven(engine.start(workflow, "r", "in"));
  }

  /** Counts the entries that are read while somebody looks at how the run stands. */
  private Journal counting(Journal journal) {
    return (Journal)
        Proxy.newProxyInstance(
            Journal.class.getClassLoader(),
            new Class<?>[] {Journal.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(journal, arguments);
                if (method.getName().equals("entries") && !arguments[2].equals(100_000)) {
                  read.addAndGet(((List<?>) answer).size());
                }
                return answer;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private void completed(Workflow<String, String> workflow, int turns) {
    assertThat(ended(workflow)).isEqualTo(new Outcome.Completed<>("last " + (turns - 1)));
  }

  @Test
  void aSealedTurnIsNeitherPlayedNorRead() {
    var workflow = sleepy(50, (turn, number) -> pay(turn, "turn-" + number));
    asleep(workflow);
    completed(workflow, 50);

    assertThat(played).hasValue(0);
    assertThat(read.get()).as("entries read").isLessThan(20);
    assertThat(stage.entries("r", Entry.TurnSealed.class)).hasSize(50);
    assertThat(stage.history("r")).as("its rows stay").hasSizeGreaterThan(150);
  }

  @Test
  void aLoopGoesOnWithTheTurnThatWasNotSealed() {
    var workflow =
        workflow(run ->
            loop(
                run,
                5,
                (turn, number) -> {
                  String paid = pay(turn, "turn-" + number);
                  turn.sleep("a-day", DAY);
                  return paid;
                }));
    asleep(workflow);
    completed(workflow, 5);

    for (int number = 0; number < 5; number++) {
      assertThat(stage.world.calls("turn-" + number)).isEqualTo(1);
    }
  }

  @Test
  void theStateIsTheSameLiveAndInAReplay() {
    record State(List<String> seen, double sum) {}
    Workflow<String, String> workflow =
        workflow(run -> {
          State end =
              run.turns(
                  "loop",
                  State.class,
                  new State(List.of(), 0.1),
                  (turn, state) -> {
                    var next = new State(List.of(state + "|"), state.sum() + 0.2);
                    return state.sum() > 0.4 ? Run.Turn.done(next) : Run.Turn.next(next);
                  });
          run.sleep("a-day", DAY);
          return end.toString();
        });
    asleep(workflow);

    String sealed = ((Outcome.Completed<String>) ended(workflow)).result();
    assertThat(sealed).contains("sum=0.1").contains("sum=0.7");
  }

  @Test
  void loopsFollowEachOtherAndStandInScopesAndBranches() {
    Workflow<String, String> workflow =
        workflow(run -> {
          loop(run, 3, (turn, number) -> pay(turn, "first-" + number));
          pay(run, "between");
          run.scope("part", part -> loop(part, 3, (turn, number) -> pay(turn, "inner-" + number)));
          run.parallel("both", List.of(branch("left"), branch("right")));
          String result = loop(run, 3, (turn, number) -> nested(turn, number));
          run.sleep("a-day", DAY);
          return result;
        });
    asleep(workflow);
    completed(workflow, 3);

    assertThat(played).hasValue(0);
    for (String fact : List.of("first-2", "between", "inner-1", "left-2", "right-0", "deep-2-1")) {
      assertThat(stage.world.calls(fact)).as(fact).isEqualTo(1);
    }
  }

  private Run.Branch<String> branch(String label) {
    return new Run.Branch<>(
        label, branch -> loop(branch, 3, (turn, number) -> pay(turn, label + "-" + number)));
  }

  private String nested(Run turn, int number) {
    return loop(turn, 2, (inner, deep) -> pay(inner, "deep-%d-%d".formatted(number, deep)));
  }

  @Test
  void stepsOfSealedTurnsDoNotCount() {
    stage.limits(limits -> limits.stepsMax(10));
    var workflow = sleepy(30, (turn, number) -> pay(turn, "turn-" + number));
    asleep(workflow);
    completed(workflow, 30);
  }

  @Test
  void whatATurnHandedOnIsHandedOn() {
    Workflow<String, String> workflow =
        workflow(run -> {
          String before = run.sessionState(String.class).orElse("nothing");
          loop(
              run,
              4,
              (turn, number) -> {
                turn.handOn("from " + turn.id() + " " + number);
                return pay(turn, turn.id() + "-" + number);
              });
          run.sleep("a-day", DAY);
          return before;
        });
    for (String id : List.of("one", "two")) {
      try (Engine engine = stage.open(workflow)) {
        stage.parked(engine.start(workflow, id, "in", Admission.inSession("s")));
      }
      Engine engine = stage.open(workflow);
      Outcome<String> outcome = stage.driven(engine.find(id, String.class));
      String before = id.equals("one") ? "nothing" : "from one 3";
      assertThat(outcome).isEqualTo(new Outcome.Completed<>(before));
      engine.close();
    }
  }

  @Test
  void aFactOfTheRunHappensOnceOverAllTurns() {
    var workflow =
        workflow(run -> {
          String result = loop(run, 4, (turn, number) -> once(turn, Intent.Scope.RUN));
          run.sleep("a-day", DAY);
          return result + once(run, Intent.Scope.RUN) + once(run, Intent.Scope.GLOBAL);
        });
    asleep(workflow);

    assertThat(ended(workflow))
        .isEqualTo(new Outcome.Completed<>("last 3answer to RUNanswer to GLOBAL"));
    assertThat(stage.world.happened("RUN")).isEqualTo(1);
  }

  @Test
  void aFactOfTheStoreHappensOnceOverAllTurns() {
    var workflow =
        workflow(run -> {
          String result = loop(run, 4, (turn, number) -> once(turn, Intent.Scope.GLOBAL));
          run.sleep("a-day", DAY);
          return result + once(run, Intent.Scope.GLOBAL);
        });
    asleep(workflow);

    assertThat(ended(workflow)).isEqualTo(new Outcome.Completed<>("last 3answer to GLOBAL"));
    assertThat(stage.world.happened("GLOBAL")).isEqualTo(1);
  }

  private String once(Run run, Intent.Scope scope) {
    String fact = scope.name();
    Effect<String, String> effect = stage.world.effect(Contract.KEYED);
    return run.effect(fact, fact, effect.oncePer(scope, fact, 1));
  }

  @Test
  void aSignalIsTakenOnceAlsoWhereItComesAgain() {
    Workflow<String, String> workflow =
        workflow(run -> {
          String result = loop(run, 3, (turn, number) -> turn.awaitSignal("go", String.class, DAY));
          run.sleep("a-day", DAY);
          return result
              + run.awaitSignal("go", String.class, Duration.ofHours(1)).orElse(" none left");
        });
    try (Engine engine = stage.open(workflow)) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      for (String id : List.of("1", "2", "3")) {
        engine.client().signal("r", "go", id, "value", "ann");
      }
      assertThat(stage.parked(handle)).isNotEmpty();
      while (stage.entries("r", Entry.TurnSealed.class).size() < 3) {
        stage.parked(handle);
      }
    }
    played.set(0);
    Engine engine = stage.open(workflow);
    engine.client().signal("r", "go", "2", "again", "ann");

    assertThat(stage.driven(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("last 2 none left"));
    assertThat(played).hasValue(0);
    assertThat(stage.entries("r", Entry.MessageRefused.class)).hasSize(1);
  }

  @Test
  void aTurnInDoubtIsNotSealedBeforeItIsSettled() {
    stage.world.failAfter("turn-1", () -> fail(KnownFailure.unknown("reset", "lost")));
    Workflow<String, String> workflow =
        workflow(run ->
            loop(
                run,
                4,
                (turn, number) -> {
                  String said = perhaps(turn, "turn-" + number);
                  turn.sleep("a-day", DAY);
                  return said;
                }));
    Engine engine = stage.open(workflow);
    Outcome<String> outcome = stage.driven(engine.start(workflow, "r", "in"));

    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    StepPath doubtful = ((Outcome.InDoubt<String>) outcome).effects().getFirst().path();
    assertThat(stage.entries("r", Entry.TurnSealed.class)).hasSize(1);
    engine
        .client()
        .settle("r", doubtful, new Verdict.Happened(engine.client().encode("yes")), "ann", "saw");
    assertThat(stage.driven(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("last 3"));
    for (int number = 0; number < 4; number++) {
      assertThat(stage.world.calls("turn-" + number)).isEqualTo(1);
    }
  }

  private String perhaps(Run run, String fact) {
    try {
      Effect<String, String> once = stage.world.effect(Contract.ONCE);
      return run.effect("perhaps", fact, once.onDoubt(DoubtPolicy.PROCEED));
    } catch (EffectFailed unknown) {
      return "unknown";
    }
  }

  private static void fail(KnownFailure failure) {
    throw failure;
  }

  @Test
  void aStepThatBroughtTheRunToAHaltIsTriedAgainInItsTurn() {
    for (int i = 0; i < 5; i++) {
      stage.world.failBefore("turn-2", () -> fail(KnownFailure.notSent("connect", "refused")));
    }
    Workflow<String, String> workflow =
        workflow(run -> loop(run, 4, (turn, number) -> pay(turn, "turn-" + number)));
    Engine engine = stage.open(workflow);
    assertThat(stage.driven(engine.start(workflow, "r", "in")))
        .isInstanceOf(Outcome.Quarantined.class);
    engine.client().resume("r", "ann", "mended");

    assertThat(stage.driven(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("last 3"));
    assertThat(stage.world.happened("turn-2")).isEqualTo(1);
  }

  @Test
  void aChangeWithinATurnIsFound() {
    var before =
        sleepy(
            2,
            (turn, number) -> {
              pay(turn, "turn-" + number);
              turn.sleep("a-day", DAY);
              return pay(turn, "end-" + number);
            });
    var after =
        sleepy(
            2,
            (turn, number) -> {
              turn.sleep("a-day", DAY);
              return pay(turn, "turn-" + number);
            });
    asleep(before);

    assertThat(ended(after))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt ->
                assertThat(halt.reason())
                    .contains("REMOVED", "scope 'turns:loop#0/turn:turn#0'", "effect:pay#0"));
  }
}
