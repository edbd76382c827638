package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that end the worker which executes them: a crash of the engine stands for its death. */
class PoisonRunTest {
  private final Stage stage = Stage.leaping();
  private final ConcurrentLinkedQueue<String> entered = new ConcurrentLinkedQueue<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile boolean isFixed;

  @AfterEach
  void close() {
    never.countDown();
    stage.close();
  }

  /** Whoever gets here dies, unless somebody deployed a fix. */
  private Workflow<String, String> killer() {
    return Workflow.of("killer", String.class, String.class)
        .body((run, input) -> {
          entered.add(run.id().text());
          if (!isFixed) {
            never.await();
          }
          return "harmless";
        });
  }

  private Workflow<String, String> good() {
    return Workflow.of("good", String.class, String.class)
        .body((run, input) -> run.effect("e", input, stage.world.effect(Contract.KEYED)));
  }

  /** Opens an engine and crashes it once a killer is in it. */
  private void die(Workflow<?, ?>... workflows) {
    int before = entered.size();
    Engine engine = stage.open(workflows);
    await(() -> entered.size() > before);
    engine.crash();
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(Stage.PATIENCE).until(condition);
  }

  private Engine started(Workflow<String, String> workflow, String... ids) {
    Engine engine = stage.open(workflow);
    for (String id : ids) {
      engine.start(workflow, id, "in");
    }
    await(() -> entered.size() == ids.length);
    return engine;
  }

  @Test
  void isQuarantinedAfterExactlyFourDeathsWhileOthersComplete() {
    Workflow<String, String> killer = killer();
    Workflow<String, String> good = good();
    started(killer, "poison").crash();
    for (int death = 2; death <= 4; death++) {
      int before = entered.size();
      Engine engine = stage.open(killer, good);
      await(() -> entered.size() > before);
      Handle<String> other = engine.start(good, "good-" + death, "fact-" + death);
      if (death < 4) {
        assertThat(stage.settled(other)).isInstanceOf(Outcome.Completed.class);
      }
      engine.crash();
    }

    Engine engine = stage.open(killer, good);
    assertThat(stage.settled(engine.find("good-4", String.class)))
        .isInstanceOf(Outcome.Completed.class);
    assertThat(stage.settled(engine.find("poison", String.class)))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("4 workers in a row", "resume"));
    assertThat(entered).as("user code was called by each worker that died").hasSize(4);
  }

  @Test
  void aResumeCountsAnew() {
    Workflow<String, String> killer = killer();
    started(killer, "poison").crash();
    for (int death = 2; death <= 4; death++) {
      die(killer);
    }
    Engine engine = stage.open(killer);
    stage.settled(engine.find("poison", String.class));
    engine.client().resume("poison", "ann", "perhaps");
    await(() -> entered.size() == 5);
    engine.crash();
    die(killer);
    isFixed = true;

    Engine repaired = stage.open(killer);
    assertThat(stage.settled(repaired.find("poison", String.class)))
        .isEqualTo(new Outcome.Completed<>("harmless"));
    assertThat(entered).hasSize(7);
  }

  @Test
  void isAloneBeforeItIsGivenUp() throws Exception {
    Workflow<String, String> killer = killer();
    Workflow<String, String> good = good();
    started(killer, "poison").crash();
    die(killer);
    die(killer);
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    stage.world.failBefore(
        "slow",
        () -> {
          inside.countDown();
          go.await();
        });
    isFixed = true;
    Engine engine = stage.open(good);
    engine.start(good, "slow", "slow");
    inside.await();
    engine.register(killer);
    var poison = new RunId("poison");
    await(() -> stage.journal().find(poison).orElseThrow().epoch() == 4);

    Handle<String> late = engine.start(good, "late", "late");
    assertThat(late.await(Duration.ofMillis(200))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.journal().find(late.id()).orElseThrow().status()).isEqualTo(Status.READY);
    assertThat(entered).as("it waits for the one that is there").hasSize(3);
    go.countDown();

    assertThat(stage.settled(engine.find("poison", String.class)))
        .isEqualTo(new Outcome.Completed<>("harmless"));
    assertThat(stage.settled(late)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.settled(engine.find("slow", String.class)))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void nobodyIsBlamedForWaitingBesideIt() {
    Workflow<String, String> killer = killer();
    var tried = new AtomicInteger();
    Workflow<String, String> slow =
        Workflow.of("slow", String.class, String.class)
            .body((run, input) -> {
              if (tried.incrementAndGet() <= 3) {
                never.await();
              }
              return "done";
            });
    Engine first = stage.open(killer, slow);
    for (String id : List.of("poison-1", "poison-2", "poison-3")) {
      first.start(killer, id, "in");
    }
    first.start(slow, "innocent", "in");
    await(() -> entered.size() == 3 && tried.get() == 1);
    first.crash();
    for (int death = 2; death <= 3; death++) {
      int expected = death;
      Engine engine = stage.open(killer, slow);
      await(() -> entered.size() == 3 * expected && tried.get() == expected);
      engine.crash();
    }
    for (int alone = 1; alone <= 3; alone++) {
      die(killer, slow);
    }

    Engine engine = stage.open(killer, slow);
    for (String id : List.of("poison-1", "poison-2", "poison-3")) {
      assertThat(stage.settled(engine.find(id, String.class)))
          .isInstanceOf(Outcome.Quarantined.class);
    }
    assertThat(stage.settled(engine.find("innocent", String.class)))
        .isEqualTo(new Outcome.Completed<>("done"));
    assertThat(entered).as("three lives together, one alone each").hasSize(12);
  }

  @Test
  void aRunThatGetsFurtherEachTimeIsNone() {
    Workflow<String, String> workflow =
        Workflow.of("killer", String.class, String.class)
            .body((run, input) -> {
              for (int step = 0; step < 6; step++) {
                if (run.effect("e", "f-" + step, stage.world.effect(Contract.KEYED)).isEmpty()) {
                  return "";
                }
                if (step + 1 > entered.size()) {
                  run.effect("barrier", "b-" + step, stage.world.effect(Contract.KEYED));
                  entered.add(run.id().text());
                  never.await();
                }
                run.effect("barrier", "b-" + step, stage.world.effect(Contract.KEYED));
              }
              return "done";
            });
    started(workflow, "r").crash();
    for (int death = 2; death <= 6; death++) {
      die(workflow);
    }

    assertThat(stage.settled(stage.open(workflow).find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("done"));
  }

  @Test
  void theLimitCanBeSwitchedOff() {
    stage.limits(limits -> limits.poisonAfter(0));
    Workflow<String, String> killer = killer();
    started(killer, "poison").crash();
    for (int death = 2; death <= 7; death++) {
      die(killer);
    }
    isFixed = true;

    assertThat(stage.settled(stage.open(killer).find("poison", String.class)))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aWorkerThatWasTakenOverDidNotDie() {
    Workflow<String, String> killer = killer();
    started(killer, "poison");
    for (int takeover = 2; takeover <= 6; takeover++) {
      int before = entered.size();
      stage.open(killer);
      await(() -> entered.size() > before);
    }
    isFixed = true;

    assertThat(stage.settled(stage.open(killer).find("poison", String.class)))
        .isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aClosingEngineGivesUpWhatWaitsToBeAlone() throws Exception {
    Workflow<String, String> killer = killer();
    Workflow<String, String> good = good();
    started(killer, "poison").crash();
    die(killer);
    die(killer);
    var inside = new CountDownLatch(1);
    stage.world.failBefore(
        "slow",
        () -> {
          inside.countDown();
          Thread.sleep(200);
        });
    Engine engine = stage.open(good);
    engine.start(good, "slow", "slow");
    inside.await();
    engine.register(killer);
    await(() -> stage.journal().find(new RunId("poison")).orElseThrow().epoch() == 4);

    engine.close();

    assertThat(stage.remains("poison").getLast().entry()).isEqualTo(new Entry.RunParked(List.of()));
    assertThat(entered).hasSize(3);
  }

  @Test
  void anAttachedRunIsCountedToo() {
    for (int death = 1; death <= 4; death++) {
      int before = entered.size();
      Engine engine = stage.open();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  call(engine);
                } catch (RuntimeException crashed) {
                  // the engine is gone under it
                }
              });
      await(() -> entered.size() > before);
      engine.crash();
      await(() -> !caller.isAlive());
    }

    Engine engine = stage.open();
    assertThatThrownBy(() -> call(engine))
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContaining("4 workers in a row");
    assertThat(entered).hasSize(4);
    isFixed = true;
    assertThat(call(engine)).as("a call of a quarantined run tries again").isEqualTo("harmless");
  }

  private String call(Engine engine) {
    return engine.attached(
        "attached",
        String.class,
        Stage.PATIENCE,
        () -> {
          entered.add("attached");
          if (!isFixed) {
            never.await();
          }
          return "harmless";
        });
  }
}
