package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two workers of one store, at the same time. */
class TwoWorkersTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(15);

  @TempDir Path folder;
  private final String url = TestServer.url(TestServer.database());
  private final List<TestWorker> workers = new ArrayList<>();
  private final Map<String, String> paid = new ConcurrentHashMap<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger insideMost = new AtomicInteger();
  private final List<String> heard = new java.util.concurrent.CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    workers.forEach(TestWorker::close);
    PostgresLaws.hold(url);
  }

  private TestWorker worker(String name, FaultPoints faultPoints) {
    Settings settings =
        Settings.standard()
            .worker(name)
            .limits(Limits.DEFAULT.poisonAfter(0))
            .faultPoints(faultPoints);
    TestWorker worker = TestWorker.open(url, LEASE, settings);
    workers.add(worker);
    return worker;
  }

  @Test
  void aQueueNeverExceedsItsBoundOverAllWorkers() throws Exception {
    Effect<String, String> work =
        Effect.once(
            String.class,
            (key, what) -> {
              insideMost.accumulateAndGet(inside.incrementAndGet(), Math::max);
              Thread.sleep(10);
              inside.decrementAndGet();
              return what;
            });
    Workflow<String, String> workflow =
        Workflow.of("job", String.class, String.class)
            .body((run, id) -> run.effect("work", id, work));
    for (String name : List.of("a", "b")) {
      worker(name, FaultPoints.NONE).engine().register(workflow);
    }
    workers.get(0).engine().register(Queue.of("jobs").concurrencyMax(3));
    var handles = new ArrayList<Handle<String>>();
    for (int i = 0; i < 60; i++) {
      Engine engine = workers.get(i % 2).engine();
      handles.add(engine.start(workflow, "j" + i, "j" + i, Admission.throughQueue("jobs")));
    }
    handles.forEach(handle -> handle.run(DEADLINE));

    assertThat(insideMost).hasValueBetween(2, 3);
    assertThat(
            PostgresLaws.rows(
                url, "SELECT DISTINCT body FROM holdfast.entry WHERE body LIKE '%RunClaimed%'"))
        .as("both had their share")
        .hasSize(2);
  }

  @Test
  void theRunsOfASessionAreHeardInTheOrderOfTheirAcceptance() {
    Effect<String, String> hear =
        Effect.once(
            String.class,
            (key, what) -> {
              heard.add(what);
              return what;
            });
    Workflow<String, String> workflow =
        Workflow.of("hear", String.class, String.class)
            .body((run, id) -> {
              run.effect("hear", id, hear);
              run.sleep("pause", Duration.ofMillis(1));
              return run.effect("heard", id + "!", hear);
            });
    for (String name : List.of("a", "b")) {
      worker(name, FaultPoints.NONE).engine().register(workflow);
    }
    var handles = new ArrayList<Handle<String>>();
    var expected = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      Engine engine = workers.get(i % 2).engine();
      handles.add(engine.start(workflow, "m" + i, "m" + i, Admission.inSession("anna")));
      expected.addAll(List.of("m" + i, "m" + i + "!"));
    }
    handles.forEach(handle -> handle.run(DEADLINE));

    assertThat(heard).containsExactlyElementsOf(expected);
  }

  private Workflow<String, String> payment() {
    return Workflow.of("pay", String.class, String.class)
        .body((run, order) ->
            run.effect(
                "pay",
                order,
                Effect.<String, String>keyed(
                        String.class,
                        (key, of) -> {
                          paid.merge(of, key.text(), (one, other) -> one + " and " + other);
                          return "paid";
                        })
                    .oncePer(Intent.Scope.GLOBAL, "payment", order)));
  }

  @Test
  void aFactThatTwoWorkersRaceForHappensOnce() throws Exception {
    Workflow<String, String> workflow = payment();
    for (String name : List.of("a", "b")) {
      worker(name, FaultPoints.NONE).engine().register(workflow);
    }
    int orders = 20;
    var go = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    var answers = new java.util.concurrent.ConcurrentLinkedQueue<String>();
    for (TestWorker worker : workers) {
      String who = "r" + workers.indexOf(worker);
      for (int i = 0; i < orders; i++) {
        String order = "order-" + i;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  awaitQuietly(go);
                  answers.add(worker.engine().start(workflow, who + order, order).run(DEADLINE));
                }));
      }
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(answers).hasSize(2 * orders).containsOnly("paid");
    assertThat(paid).hasSize(orders);
    assertThat(paid.values()).noneMatch(keys -> keys.contains(" and "));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Workflow<String, String> desk(Deeds deeds) {
    return Workflow.of("desk", String.class, String.class)
        .body((run, order) -> settle(run, order, deeds));
  }

  private static String settle(Run run, String order, Deeds deeds) {
    run.sleep("pause", Duration.ofMillis(1));
    String word = run.awaitSignal("go", String.class, DEADLINE).orElse("none");
    boolean granted = run.awaitApproval("pay", order, DEADLINE).granted();
    Effect<String, String> pay =
        Effect.keyed(
            String.class,
            (key, of) -> {
              deeds.add(of + " " + key.text());
              return "paid";
            });
    return word + " " + granted + " " + run.effect("pay", order, pay);
  }

  /** One worker crashes again and again, at boundaries that chance chooses; the other goes on. */
  @Test
  void everyRunEndsOnceWhileOneOfTheWorkersCrashesAgainAndAgain() throws Exception {
    long seed = 17;
    var chance = new Random(seed);
    var deeds = new Deeds(folder.resolve("deeds"));
    Workflow<String, String> workflow = desk(deeds);
    Engine steady = worker("steady", FaultPoints.NONE).engine();
    steady.register(workflow);
    steady.register(Queue.of("desk").concurrencyMax(5));
    int runs = 40;
    for (int i = 0; i < runs; i++) {
      Admission admission =
          i % 2 == 0 ? Admission.AT_ONCE : Admission.throughQueue("desk").session("s" + i % 3);
      steady.start(workflow, "d" + i, "d" + i, admission);
    }
    Thread people = Thread.ofVirtual().start(() -> help(steady, runs));
    for (int crash = 0; crash < 4; crash++) {
      var left = new AtomicInteger(chance.nextInt(60) + 1);
      var struck = new CountDownLatch(1);
      TestWorker falling =
          worker("falling-" + crash, (boundary, run, path) -> hold(boundary, left, struck));
      falling.engine().register(workflow);
      struck.await(1, java.util.concurrent.TimeUnit.SECONDS);
      falling.crash();
      workers.remove(falling);
    }
    for (int i = 0; i < runs; i++) {
      assertThat(steady.find("d" + i, String.class).run(DEADLINE))
          .as("seed %d, run %d", seed, i)
          .isEqualTo("now true paid");
    }
    people.join();
    assertThat(deeds.all().stream().distinct()).hasSize(runs);
    PostgresLaws.everyRunIsCompleted(url);
  }

  private static void hold(Boundary boundary, AtomicInteger left, CountDownLatch struck) {
    if (boundary != Boundary.BEFORE_CLAIM && left.decrementAndGet() == 0) {
      struck.countDown();
      awaitQuietly(new CountDownLatch(1));
    }
  }

  private static void help(Engine engine, int runs) {
    for (int i = 0; i < runs; i++) {
      String id = "d" + i;
      Handle<String> handle = engine.find(id, String.class);
      while (!handle.outcome().isEnded()) {
        answer(engine, id);
        handle.await(Duration.ofMillis(5));
      }
    }
  }

  private static void answer(Engine engine, String id) {
    try {
      engine.client().signal(id, "go", "1", "now", "sender");
      for (Entry.ApprovalAsked question : engine.client().questions(id)) {
        engine.client().approve(id, question, true, "ann", "fine");
      }
    } catch (RunException.MessageNotAccepted late) {
      assertThat(late).hasMessageContaining(id);
    }
  }

  /** A crash at each boundary in turn; the next worker finds the same store. */
  @Test
  @EnabledIfSystemProperty(named = "holdfast.campaigns", matches = "true")
  void aRunEndsOnceWhereverItsWorkerCrashes() {
    var worlds = new AtomicInteger();
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE)
            .crashEverywhere(() -> new Desk("w" + worlds.incrementAndGet()));

    assertThat(struck)
        .extracting(crash -> crash.path().kind())
        .contains("timer", "signal", "approval", "effect");
  }

  private final class Desk implements CrashHarness.Scenario {
    private final String id;
    private final Deeds deeds;
    private final Workflow<String, String> workflow;
    private final List<TestWorker> opened = new ArrayList<>();

    Desk(String id) {
      this.id = id;
      this.deeds = new Deeds(folder.resolve("deeds-" + id));
      this.workflow = desk(deeds);
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Settings settings =
          Settings.standard().limits(Limits.DEFAULT.poisonAfter(0)).faultPoints(faultPoints);
      opened.add(TestWorker.open(url, LEASE, settings));
      opened.getLast().engine().register(workflow);
      return opened.getLast().engine();
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle = engine.start(workflow, id, id);
      for (int looked = 0; looked < 5_000 && !handle.outcome().isEnded(); looked++) {
        answer(engine, id);
        handle.await(Duration.ofMillis(2));
      }
      assertThat(handle.run(DEADLINE)).isEqualTo("now true paid");
    }

    @Override
    public void check() {
      assertThat(deeds.all().stream().distinct()).as("payments by key").hasSize(1);
    }

    @Override
    public void close() {
      opened.forEach(TestWorker::closePool);
    }
  }
}
