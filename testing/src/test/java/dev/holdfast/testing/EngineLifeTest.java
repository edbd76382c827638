package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that open, share, lose and give up a journal. */
class EngineLifeTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aClosingEngineFinishesTheStepAndAnotherGoesOn() {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failBefore(
        "one",
        () -> {
          entered.countDown();
          go.await();
        });
    Workflow<String, String> workflow = chain("one", "two");
    Engine first = stage.open(workflow);
    first.start(workflow, "r", "in");
    await(entered);
    Thread closing = Thread.ofVirtual().start(first::close);
    Awaitility.await().until(() -> isClosed(first, workflow));
    go.countDown();
    Awaitility.await().until(() -> !closing.isAlive());

    assertThat(stage.world.happened("one")).isEqualTo(1);
    assertThat(stage.world.calls("two")).isZero();
    assertThat(stage.remains("r").getLast().entry()).isEqualTo(new Entry.RunParked(List.of()));
    Handle<String> handle = stage.open(workflow).find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.world.calls("one")).isEqualTo(1);
  }

  private static boolean isClosed(Engine engine, Workflow<String, String> workflow) {
    try {
      engine.start(workflow, "other", "in");
      return false;
    } catch (IllegalStateException closed) {
      assertThat(closed).hasMessageContaining("other").hasMessageContaining("closed");
      return true;
    }
  }

  @Test
  void closingTwiceAndCrashingAfterwardsDoNothing() {
    Engine engine = stage.open();
    engine.close();
    engine.close();
    engine.crash();
  }

  @Test
  void aCrashInterruptsWhatIsUnderWayAndWaitsForItsEnd() {
    var entered = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    stage.world.failBefore(
        "one",
        () -> {
          entered.countDown();
          try {
            Thread.sleep(60_000);
          } finally {
            ended.countDown();
          }
        });
    Workflow<String, String> workflow = chain("one");
    Engine engine = stage.open(workflow);
    engine.start(workflow, "r", "in");
    await(entered);

    engine.crash();

    assertThat(ended.getCount()).as("nothing is left running behind a crash").isZero();
    assertThat(stage.remains("r")).as("its entries are there for the next").hasSize(2);
  }

  @Test
  void aRunThatAnotherTookOverSendsNothingMore() {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failBefore(
        "one",
        () -> {
          entered.countDown();
          go.await();
        });
    Workflow<String, String> workflow = chain("one", "two");
    Engine first = stage.open(workflow);
    first.start(workflow, "r", "in");
    await(entered);
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    go.countDown();
    first.close();

    assertThat(stage.world.calls("two")).as("by the second engine alone").isEqualTo(1);
    assertThat(stage.world.happened("one")).isEqualTo(1);
    assertThat(stage.history("r").getLast().entry()).isInstanceOf(Entry.RunCompleted.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterTheStoreFailedNothingLeavesAndNothingIsLost(boolean isThrown) {
    var appends = new AtomicInteger();
    stage.through(journal ->
        new ForwardingJournal(journal) {
          @Override
          public CompletableFuture<Void> append(Append append) {
            if (appends.incrementAndGet() < 3) {
              return super.append(append);
            }
            var failed = new StoreFailed("The disk is full. Make room and restart.");
            if (isThrown) {
              throw failed;
            }
            return CompletableFuture.failedFuture(failed);
          }
        });
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                run.effect("one", "one", keyed());
                run.effect("two", "two", keyed());
              } catch (Exception swallowed) {
                run.effect("three", "three", keyed());
              }
              return "done";
            });
    Engine first = stage.open(workflow);
    Handle<String> handle = first.start(workflow, "r", "in");
    Awaitility.await().until(() -> appends.get() >= 3);

    assertThat(handle.await(Duration.ofMillis(100))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("two")).as("its intent was not durable").isZero();
    assertThat(stage.world.calls("three")).isZero();
    first.crash();
    stage.through(journal -> journal);
    Handle<String> again = stage.open(workflow).find("r", String.class);
    assertThat(stage.settled(again)).isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stage.world.happened("one")).isEqualTo(1);
    assertThat(stage.world.happened("two")).isEqualTo(1);
  }

  @Test
  void aHistoryThatCannotBeReadIsSetAsideAndTheOthersGoOn() {
    var looked = new AtomicInteger();
    Workflow<String, String> workflow = chain("one", "two");
    Engine first = stage.open(workflow);
    for (String id : List.of("bad", "good")) {
      stage.world.failBefore("two", () -> Thread.sleep(60_000));
      first.start(workflow, id, "in");
    }
    Awaitility.await().until(() -> stage.world.calls("two") == 2);
    first.crash();
    stage.through(journal ->
        new ForwardingJournal(journal) {
          @Override
          public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
            if (run.text().equals("bad")) {
              throw new IllegalArgumentException("entry 7 is of an unknown kind");
            }
            return super.entries(run, fromSequence, countMax);
          }

          @Override
          public Optional<Recorded> last(RunId run) {
            if (run.text().equals("bad") && looked.incrementAndGet() == 1) {
              throw new IllegalArgumentException("entry 7 is of an unknown kind");
            }
            return super.last(run);
          }
        });
    Engine engine = stage.open(workflow);

    Outcome<String> outcome = engine.find("bad", String.class).await(Stage.PATIENCE);
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    assertThat(((Outcome.Quarantined<String>) outcome).reason())
        .contains("cannot be read", "entry 7 is of an unknown kind", "resume");
    assertThat(stage.settled(engine.find("good", String.class)))
        .isInstanceOf(Outcome.Completed.class);
    engine.close();
    stage.through(journal -> journal);
    Engine repaired = stage.open(workflow);
    repaired.client().resume("bad", "ann", "updated");
    assertThat(stage.settled(repaired.find("bad", String.class)))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aClaimThatFailsOnceIsAskedForAgain() {
    var claims = new AtomicInteger();
    Workflow<String, String> workflow = chain("one");
    Engine crashed = stage.open(workflow);
    stage.world.failBefore("one", () -> Thread.sleep(60_000));
    crashed.start(workflow, "r", "in");
    Awaitility.await().until(() -> stage.world.calls("one") == 1);
    crashed.crash();
    stage.through(journal ->
        new ForwardingJournal(journal) {
          @Override
          public CompletableFuture<List<Claim>> claim(
              Set<WorkflowKey> workflows, Instant now, int countMax) {
            return claims.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(new IllegalStateException("busy"))
                : super.claim(workflows, now, countMax);
          }
        });
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.find("r", String.class))).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void moreRunsThanSlotsQueue() {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    stage.limits(limits -> limits.runsMax(3));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                run.effect(
                    "e",
                    input,
                    Effect.<String, String>keyed(
                        String.class,
                        (key, fact) -> {
                          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                          Thread.sleep(5);
                          inside.decrementAndGet();
                          return stage.world.remember(key, fact);
                        })));
    Engine engine = stage.open(workflow);
    var handles = new ArrayList<Handle<String>>();
    for (int i = 0; i < 20; i++) {
      handles.add(engine.start(workflow, "r-" + i, "fact-" + i));
    }

    handles.forEach(
        handle -> assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class));
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void twoHundredRunsAtOnceSurviveACrashInTheirMidst() {
    stage.commitDelay(Duration.ofMillis(2)).limits(limits -> limits.runsMax(150));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.effect("a", input + "-a", keyed());
              run.effect("b", input + "-b", keyed());
              return run.effect("c", input + "-c", keyed());
            });
    Engine first = stage.open(workflow);
    var accepted = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      accepted.add(first.start(workflow, "r-" + i, "f" + i).id().text());
    }
    first.crash();

    Engine second = stage.open(workflow);
    for (String id : accepted) {
      assertThat(stage.settled(second.find(id, String.class)))
          .isInstanceOf(Outcome.Completed.class);
    }
    for (int i = 0; i < 200; i++) {
      for (String step : List.of("-a", "-b", "-c")) {
        assertThat(stage.world.happened("f" + i + step)).isEqualTo(1);
      }
    }
    assertThat(stage.journal().runs(Set.of(Status.COMPLETED), 0, 1_000)).hasSize(200);
  }

  @Test
  void aLongHistoryIsReadInPages() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              int sum = 0;
              for (int i = 0; i < 2_500; i++) {
                int number = i;
                sum += run.step("s", Integer.class, () -> number);
              }
              run.effect("pause", "pause", keyed());
              return String.valueOf(sum);
            });
    stage.commitDelay(Duration.ofMillis(1));
    var strike = Strike.at(Boundary.BEFORE_CALL, "pause");
    Engine first = stage.open(strike, workflow);
    first.start(workflow, "r", "in");
    strike.crash(first);

    Handle<String> handle = stage.open(workflow).find("r", String.class);
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("3123750"));
    assertThat(stage.entries("r", Entry.StepAnswered.class)).hasSize(2_500);
  }

  @Test
  void entriesOnTheirWayAreBounded() {
    var underWay = new AtomicInteger();
    var most = new AtomicInteger();
    stage
        .commitDelay(Duration.ofMillis(1))
        .through(journal ->
            new ForwardingJournal(journal) {
              @Override
              public CompletableFuture<Void> append(Append append) {
                int size = append.entries().size();
                most.accumulateAndGet(underWay.addAndGet(size), Math::max);
                return super.append(append)
                    .whenComplete((done, thrown) -> underWay.addAndGet(-size));
              }
            });
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              for (int i = 0; i < 6_000; i++) {
                run.step("s", String.class, () -> "x");
              }
              return "done";
            });

    assertThat(stage.settled(stage.open(workflow).start(workflow, "r", "in")))
        .isEqualTo(new Outcome.Completed<>("done"));
    assertThat(most.get()).isLessThanOrEqualTo(1_100);
  }

  @Test
  void aCrashBeforeAClaimLeavesTheRunToOthers() {
    Workflow<String, String> workflow = chain("one");
    stage.open().client().start(workflow, "r", "in");
    var strike = Strike.at(Boundary.BEFORE_CLAIM, "");
    strike.crash(stage.open(strike, workflow));

    assertThat(stage.settled(stage.open(workflow).find("r", String.class)))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aWorkflowThatIsNotRegisteredIsRefusedAndNothingIsRecorded() {
    Workflow<String, String> workflow = chain("one");
    Engine engine = stage.open();

    assertThatThrownBy(() -> engine.start(workflow, "r", "in"))
        .isInstanceOf(RunException.NotRegistered.class)
        .hasMessageContainingAll("r", "w 1", "register(workflow)");
    assertThat(stage.journal().find(new RunId("r"))).isEmpty();
  }

  @Test
  void anotherWorkflowOfTheSameNameAndVersionIsRefused() {
    Engine engine = stage.open(chain("one"));

    assertThatThrownBy(() -> engine.register(chain("two")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("w 1", "name or version");
    engine.register(versioned("2"));
  }

  @Test
  void aRunOfAnotherVersionIsClaimedByNobodyHere() {
    Workflow<String, String> old = versioned("1");
    stage.open().client().start(old, "r", "in");
    Workflow<String, String> current = versioned("2");
    Engine engine = stage.open(current);
    Handle<String> handle = engine.start(current, "r", "in");

    assertThat(handle.await(Duration.ofMillis(150)))
        .isEqualTo(new Outcome.Waiting<>(Outcome.Why.QUEUED, List.of()));
    stage.clock.advance(Duration.ofSeconds(61));
    assertThat(handle.outcome())
        .isEqualTo(new Outcome.Waiting<>(Outcome.Why.NOBODY_CAN_EXECUTE_IT, List.of()));
    engine.register(old);
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("version 1"));
  }

  private static Workflow<String, String> versioned(String version) {
    return Workflow.of("w", String.class, String.class)
        .version(version)
        .body((run, input) -> "version " + version);
  }

  private Workflow<String, String> chain(String... facts) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          for (String fact : facts) {
            run.effect(fact, fact, keyed());
          }
          return "done";
        });
  }

  private Effect<String, String> keyed() {
    return stage.world.effect(Contract.KEYED);
  }

  private static void await(CountDownLatch latch) {
    Awaitility.await().until(() -> latch.getCount() == 0);
  }
}
