package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that start runs of their own and wait for their ends. */
class ChildTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String PACK = "r/child:pack#0";

  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(String name, Function<Run, String> body) {
    return Workflow.of(name, String.class, String.class).body((run, input) -> body.apply(run));
  }

  private final Workflow<String, String> packing =
      Workflow.of("packing", String.class, String.class)
          .body((run, order) -> run.effect("pack", order, stage.world.effect(Contract.KEYED)));

  private final Workflow<String, String> patient =
      workflow(
          "packing",
          run -> {
            run.sleep("long", HOUR);
            return "slept";
          });

  private Outcome<String> ended(Handle<String> handle) {
    Awaitility.await().until(() -> handle.outcome().isEnded());
    Laws.check(stage.history(handle.id().text()));
    return handle.outcome();
  }

  private Status status(String id) {
    return stage.journal().find(new RunId(id)).orElseThrow().status();
  }

  @Test
  void theResultOfAChildIsThatOfItsStep() {
    Workflow<String, String> order =
        workflow("order", run -> "sent: " + run.child("pack", packing, "17"));
    Engine engine = stage.open(order, packing);
    Handle<String> handle = engine.start(order, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("sent: answer to 17"));
    assertThat(stage.world.happened("17")).isEqualTo(1);
    Laws.check(stage.history(PACK));
    var started = (Entry.RunStarted) stage.history(PACK).getFirst().entry();
    assertThat(started.parent())
        .contains(new Entry.Parent(new RunId("r"), StepPath.ROOT.child("child", "pack", 0), 1));
    assertThat(stage.entries("r", Entry.ChildStarted.class)).hasSize(1);
  }

  @Test
  void theParentIsParkedAndNamesItsChild() {
    Workflow<String, String> order = workflow("order", run -> run.child("pack", patient, "17"));
    Engine engine = stage.open(order, patient);
    Handle<String> handle = engine.start(order, "r", "in");
    Awaitility.await().until(() -> status("r") == Status.WAITING);
    Awaitility.await().until(() -> status(PACK) == Status.WAITING);

    assertThat(handle.outcome())
        .isEqualTo(
            new Outcome.Waiting<>(
                Outcome.Why.CHILD,
                List.of(new Wait.Child(StepPath.ROOT.child("child", "pack", 0), new RunId(PACK)))));
    stage.clock.advance(HOUR);
    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("slept"));
  }

  @Test
  void aChildThatFailsFailsAParentThatDoesNotCare() {
    Workflow<String, String> failing =
        workflow(
            "packing",
            run -> {
              throw new IllegalArgumentException("no box");
            });
    Workflow<String, String> refused =
        Workflow.of("packing", String.class, String.class)
            .failsOn(IllegalArgumentException.class)
            .body((run, input) -> failing.execute(run, input));
    Workflow<String, String> order = workflow("order", run -> run.child("pack", refused, "17"));
    Engine engine = stage.open(order, refused);

    assertThat(stage.settled(engine.start(order, "r", "in")))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains(PACK).contains("no box"));
  }

  @Test
  void aParentMayHandleTheEndOfItsChild() {
    Workflow<String, String> order =
        workflow(
            "order",
            run -> {
              try {
                return run.child("pack", patient, "17");
              } catch (RunException.ChildEnded ended) {
                return ended.child() + " " + ((Outcome.Cancelled<?>) ended.outcome()).who();
              }
            });
    Engine engine = stage.open(order, patient);
    Handle<String> handle = engine.start(order, "r", "in");
    Awaitility.await()
        .until(() ->
            stage.journal().find(new RunId(PACK)).isPresent() && status(PACK) == Status.WAITING);
    engine.client().cancel(PACK, "ann", "no box");

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>(PACK + " ann"));
  }

  @Test
  void aCancelledParentEndsAfterItsChildren() {
    Workflow<String, String> order =
        workflow(
            "order",
            run ->
                run.parallel(
                        "all",
                        List.of(
                            new Run.Branch<>("a", branch -> branch.child("pack", patient, "1")),
                            new Run.Branch<>("b", branch -> branch.child("pack", patient, "2"))))
                    .toString());
    Engine engine = stage.open(order, patient);
    Handle<String> handle = engine.start(order, "r", "in");
    Awaitility.await().until(() -> status("r") == Status.WAITING);
    engine.client().cancel("r", "ann", "not needed");

    assertThat(ended(handle)).isInstanceOf(Outcome.Cancelled.class);
    for (String branch : List.of("a", "b")) {
      String child = "r/par:all#0/branch:%s/child:pack#0".formatted(branch);
      assertThat(status(child)).isEqualTo(Status.CANCELLED);
      assertThat(stage.entries(child, Entry.CancelRequested.class)).hasSize(1);
      assertThat(stage.journal().last(new RunId(child)).orElseThrow().at())
          .isBeforeOrEqualTo(stage.journal().last(new RunId("r")).orElseThrow().at());
    }
    assertThat(stage.entries("r", Entry.ChildEnded.class)).hasSize(2);
  }

  @Test
  void aChildHasNoMoreTimeThanItsParent() {
    Workflow<String, String> order =
        workflow(
            "order",
            run -> run.child("pack", patient, "17", Admission.atMost(HOUR.multipliedBy(3))));
    Engine engine = stage.open(order, patient);
    Handle<String> handle = engine.start(order, "r", "in", Admission.atMost(HOUR.dividedBy(2)));
    Awaitility.await().until(() -> status("r") == Status.WAITING);
    Awaitility.await().until(() -> status(PACK) == Status.WAITING);
    stage.clock.advance(HOUR);
    assertThat(ended(handle))
        .isInstanceOfSatisfying(
            Outcome.Truncated.class, end -> assertThat(end.limit()).isEqualTo("deadline"));
    Awaitility.await().until(() -> status(PACK) == Status.TRUNCATED);
  }

  @Test
  void aChildMayHaveLessTimeThanItsParent() {
    Workflow<String, String> order =
        workflow(
            "order",
            run -> {
              try {
                return run.child("pack", patient, "17", Admission.atMost(HOUR.dividedBy(2)));
              } catch (RunException.ChildEnded late) {
                return ((Outcome.Truncated<?>) late.outcome()).limit();
              }
            });
    Engine engine = stage.open(order, patient);
    Handle<String> handle = engine.start(order, "r", "in");
    Awaitility.await().until(() -> status("r") == Status.WAITING);
    Awaitility.await().until(() -> status(PACK) == Status.WAITING);
    stage.clock.advance(HOUR);

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("deadline"));
  }

  @Test
  void oneQueueHoldsParentsAndChildrenWithoutALock() {
    Admission queued = Admission.throughQueue("q");
    Workflow<String, String> order =
        workflow(
            "order",
            run ->
                run.parallel(
                        "all",
                        List.of(
                            new Run.Branch<>("a", b -> b.child("pack", packing, "1", queued)),
                            new Run.Branch<>("b", b -> b.child("pack", packing, "2", queued)),
                            new Run.Branch<>("c", b -> b.child("pack", packing, "3", queued))))
                    .toString());
    Engine engine = stage.open();
    engine.register(Queue.of("q").concurrencyMax(1).waitingMax(1));
    engine.register(order, packing);
    Handle<String> handle = engine.start(order, "r", "in", queued);

    assertThat(stage.driven(handle))
        .isEqualTo(new Outcome.Completed<>("[answer to 1, answer to 2, answer to 3]"));
    for (String fact : List.of("1", "2", "3")) {
      assertThat(stage.world.happened(fact)).isEqualTo(1);
    }
  }

  @Test
  void aClockThatWasSetBackDoesNotHaveAFullQueueAskedAllTheTime() {
    Admission queued = Admission.throughQueue("q");
    Workflow<String, String> order =
        workflow("order", run -> run.child("pack", packing, "1", queued));
    Engine engine = stage.open();
    engine.register(Queue.of("q").concurrencyMax(1).waitingMax(1));
    engine.register(order, packing);
    engine.start(packing, "first", "0", queued.after(Duration.ofDays(1)));
    Handle<String> handle = engine.start(order, "r", "in");
    Instant asksAgain = Stage.due(stage.parked(handle).getFirst()).orElseThrow();
    assertThat(asksAgain).isBefore(stage.clock.now().plusSeconds(1));

    stage.clock.advance(HOUR.negated());
    engine.client().signal("r", "wake", "1", "up", "ann");

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(Stage.due(stage.parked(handle).getFirst()).orElseThrow())
                .isEqualTo(stage.clock.now().plusSeconds(30)));
  }

  @Test
  void whoStartsAChildNeedNotBeAbleToExecuteIt() {
    Workflow<String, String> order = workflow("order", run -> run.child("pack", packing, "17"));
    Engine engine = stage.open(order);
    Handle<String> handle = engine.start(order, "r", "in");
    Awaitility.await().until(() -> status("r") == Status.WAITING);
    stage.clock.advance(Duration.ofMinutes(2));
    assertThat(engine.find(PACK, String.class).outcome())
        .isEqualTo(new Outcome.Waiting<>(Outcome.Why.NOBODY_CAN_EXECUTE_IT, List.of()));
    engine.register(packing);

    assertThat(ended(handle)).isEqualTo(new Outcome.Completed<>("answer to 17"));
  }

  @Test
  void aStrangersRunIsNotTakenForAChild() {
    Workflow<String, String> order = workflow("order", run -> run.child("pack", packing, "17"));
    Engine engine = stage.open(order, packing);
    stage.settled(engine.start(packing, PACK, "17"));

    assertThat(stage.settled(engine.start(order, "r", "in")))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains(PACK).contains("not its own"));
  }

  @Test
  void aChildInTheSessionOfItsParentIsRefused() {
    Workflow<String, String> order =
        workflow("order", run -> run.child("pack", packing, "17", Admission.inSession("s")));
    Engine engine = stage.open(order, packing);

    assertThat(stage.settled(engine.start(order, "r", "in", Admission.inSession("s"))))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class, halt -> assertThat(halt.reason()).contains("session 's'"));
  }

  @Test
  void runsThatStartThemselvesEnd() {
    stage.limits(limits -> limits.runsMax(20));
    var self =
        new Object() {
          private Workflow<String, String> workflow = packing;
        };
    self.workflow = workflow("w", run -> run.child("c", self.workflow, "in"));
    Engine engine = stage.open(self.workflow);

    assertThat(ended(engine.start(self.workflow, "r", "in"))).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.journal().runs(java.util.Set.of(Status.TRUNCATED), 0, 10)).hasSize(1);
  }

  @Test
  void longIdsGetADigest() {
    String id = "😀".repeat(100);
    Workflow<String, String> order = workflow("order", run -> run.child("pack", packing, "17"));
    Engine engine = stage.open(order, packing);

    assertThat(stage.settled(engine.start(order, id, "in"))).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.entries(id, Entry.ChildStarted.class).getFirst().child().text())
        .startsWith("😀".repeat(50) + "/")
        .hasSizeLessThan(200);
  }
}
