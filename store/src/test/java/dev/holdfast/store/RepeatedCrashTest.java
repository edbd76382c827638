package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store one of whose workers crashes again and again. */
class RepeatedCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(15);

  @TempDir Path folder;
  private final String url = TestServer.url(TestServer.database());
  private final List<TestWorker> workers = new ArrayList<>();

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
      struck.await(1, TimeUnit.SECONDS);
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
}
