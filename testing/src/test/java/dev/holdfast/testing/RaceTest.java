package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Races between branches: the first that returns counts. */
class RaceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final StepPath RACE = StepPath.ROOT.child("race", "first", 0);

  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private static Run.Branch<String> branch(String label, Function<Run, String> body) {
    return new Run.Branch<>(label, body);
  }

  private static String race(Run run, Run.Branch<String> one, Run.Branch<String> other) {
    return run.race("first", List.of(one, other));
  }

  private static String timer(Run run) {
    run.sleep("limit", HOUR);
    return "late";
  }

  private String pay(Run run, Contract contract) {
    return run.effect("pay", "pay", stage.world.effect(contract));
  }

  private Handle<String> start(Workflow<String, String> workflow) {
    Engine engine = stage.open(workflow);
    return engine.start(workflow, "r", "in");
  }

  private Outcome<String> ended(Handle<String> handle) {
    Awaitility.await().until(() -> handle.outcome().isEnded());
    Laws.check(stage.history(handle.id().text()));
    return handle.outcome();
  }

  private List<String> winners() {
    return stage.entries("r", Entry.RaceWon.class).stream().map(Entry.RaceWon::label).toList();
  }

  @Test
  void aSignalBeforeItsTimeIsUpWins() {
    Workflow<String, String> workflow =
        workflow(run ->
            race(
                run,
                branch("go", b -> b.awaitSignal("go", String.class, HOUR.multipliedBy(9)).get()),
                branch("limit", RaceTest::timer)));
    Handle<String> handle = start(workflow);
    stage.parked(handle);
    stage.open(workflow).client().signal("r", "go", "1", "now", "ann");

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("now"));
    assertThat(winners()).containsExactly("go");
    assertThat(stage.entries("r", Entry.WaitDropped.class)).hasSize(1);
  }

  @Test
  void theTimeWinsWhereNoSignalComes() {
    Handle<String> handle =
        start(
            workflow(run ->
                race(
                        run,
                        branch(
                            "go",
                            b -> b.awaitSignal("go", String.class, HOUR.multipliedBy(9)).get()),
                        branch("limit", RaceTest::timer))
                    + pay(run, Contract.KEYED)));
    stage.parked(handle);
    stage.clock.advance(HOUR);

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("lateanswer to pay"));
    assertThat(winners()).containsExactly("limit");
  }

  @Test
  void theTimeCountsWhileAnotherBranchWorks() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failAfter(
        "pay",
        () -> {
          begun.countDown();
          assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
        });
    Handle<String> handle =
        start(
            workflow(run ->
                race(
                    run,
                    branch("work", b -> pay(b, Contract.KEYED) + pay(b, Contract.KEYED)),
                    branch(
                        "limit",
                        b -> {
                          b.sleep("limit", Duration.ofSeconds(2));
                          return "late";
                        }))));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().until(() -> !stage.entries("r", Entry.WaitStarted.class).isEmpty());
    stage.clock.advance(HOUR);
    Awaitility.await().until(() -> !stage.entries("r", Entry.RaceWon.class).isEmpty());
    go.countDown();

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("late"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.EffectSucceeded.class)).hasSize(1);
  }

  @Test
  void aBranchThatThrowsHasLost() {
    Handle<String> handle =
        start(
            workflow(run ->
                race(
                    run,
                    branch(
                        "bad",
                        b -> {
                          throw new IllegalStateException("bad");
                        }),
                    branch("good", b -> pay(b, Contract.KEYED)))));

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
  }

  @Test
  void whereAllThrowTheFirstCounts() {
    Handle<String> handle =
        start(
            workflow(run -> {
              try {
                return race(
                    run,
                    branch(
                        "a",
                        b -> {
                          throw new IllegalStateException("bad a");
                        }),
                    branch(
                        "b",
                        b -> {
                          throw new IllegalStateException("bad b");
                        }));
              } catch (IllegalStateException first) {
                return first.getMessage() + ", " + first.getSuppressed()[0].getMessage();
              }
            }));

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("bad a, bad b"));
  }

  @Test
  void aDoubtOfALoserIsSettledFirst() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Workflow<String, String> workflow =
        workflow(run ->
            race(
                run,
                branch("doubt", b -> pay(b, Contract.ONCE)),
                branch("limit", RaceTest::timer)));
    Handle<String> handle = start(workflow);
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.InDoubt<String>);
    stage.clock.advance(HOUR);
    StepPath pay = RACE.branch("doubt").child("effect", "pay", 0);
    Awaitility.await().until(() -> winners().equals(List.of("limit")));
    assertThat(handle.await(Duration.ofMillis(300))).isInstanceOf(Outcome.InDoubt.class);
    stage.open(workflow).client().settle("r", pay, new Verdict.DidNotHappen(), "ann", "asked");

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("late"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aLoserThatMayHaveHappenedIsTriedUntilItsOutcomeIsKnown() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.unknown("reset", "lost");
        });
    Duration pause = HOUR.multipliedBy(2);
    Effect<String, String> pay =
        stage.world.effect(Contract.IDEMPOTENT).retry(new RetryPolicy(3, pause, pause, 0));
    Handle<String> handle =
        start(
            workflow(run ->
                race(
                    run,
                    branch("pay", b -> b.effect("pay", "pay", pay)),
                    branch("limit", RaceTest::timer))));
    Awaitility.await().until(() -> stage.entries("r", Entry.AttemptFailed.class).size() == 1);
    stage.clock.advance(HOUR);
    Awaitility.await().until(() -> winners().equals(List.of("limit")));
    stage.clock.advance(HOUR);

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("late"));
    assertThat(stage.entries("r", Entry.EffectGaveUp.class)).isEmpty();
    assertThat(stage.entries("r", Entry.EffectSucceeded.class)).hasSize(1);
  }

  @Test
  void theChildOfALoserIsCancelled() {
    Workflow<String, String> patient =
        Workflow.of("patient", String.class, String.class)
            .body((run, input) -> {
              run.sleep("long", HOUR.multipliedBy(9));
              return "slept";
            });
    Workflow<String, String> workflow =
        workflow(run ->
            race(
                run,
                branch("child", b -> b.child("c", patient, "in")),
                branch("limit", RaceTest::timer)));
    Engine engine = stage.open(workflow, patient);
    Handle<String> handle = engine.start(workflow, "r", "in");
    var child = new RunId("r/race:first#0/branch:child/child:c#0");
    Awaitility.await()
        .until(() ->
            stage.journal().find(child).filter(c -> c.status() == Status.WAITING).isPresent());
    stage.clock.advance(HOUR);

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("late"));
    Awaitility.await()
        .until(() -> stage.journal().find(child).orElseThrow().status() == Status.CANCELLED);
  }

  @Test
  void anApprovalOfALoserIsAskedNoMore() {
    Workflow<String, String> workflow =
        workflow(run ->
            race(
                    run,
                    branch("ask", b -> "" + b.awaitApproval("ok", "pay", HOUR.multipliedBy(9))),
                    branch("limit", RaceTest::timer))
                + run.awaitSignal("go", String.class, HOUR).get());
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Awaitility.await().until(() -> engine.client().questions("r").size() == 1);
    stage.clock.advance(HOUR);

    Awaitility.await().until(() -> engine.client().questions("r").isEmpty());
    engine.client().signal("r", "go", "1", "!", "ann");
    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("late!"));
  }

  @Test
  void racesNest() {
    Handle<String> handle =
        start(
            workflow(run ->
                race(
                    run,
                    branch(
                        "inner",
                        b ->
                            b.scope(
                                "s",
                                s ->
                                    race(
                                        s,
                                        branch(
                                            "never",
                                            n ->
                                                n.awaitSignal(
                                                        "x", String.class, HOUR.multipliedBy(9))
                                                    .get()),
                                        branch("pay", n -> pay(n, Contract.KEYED))))),
                    branch("limit", RaceTest::timer))));

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(winners()).containsExactly("pay", "inner");
  }
}
