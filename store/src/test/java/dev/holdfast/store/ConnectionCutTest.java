package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker whose connections are cut while it writes: nothing happens twice, nothing is lost. */
class ConnectionCutTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final int WRITES_MAX = 100;

  @TempDir Path folder;
  private final String name = TestServer.database();
  private Deeds deeds;
  private WireProxy proxy;
  private TestWorker worker;
  private final AtomicInteger writes = new AtomicInteger();

  @BeforeEach
  void open() throws Exception {
    deeds = new Deeds(folder.resolve("deeds"));
    proxy = new WireProxy(TestServer.server().getPort());
    worker = TestWorker.open(proxy.url(name), LEASE, Settings.standard());
  }

  @AfterEach
  void close() throws Exception {
    proxy.heal();
    worker.close();
    proxy.close();
    PostgresLaws.hold(TestServer.url(name));
  }

  private static boolean isWrite(WireProxy.Request request) {
    return request.has("write_1") || request.has("COMMIT");
  }

  /** Cuts at the n-th write from now on, and so many of the requests by which that is repaired. */
  private void cut(WireProxy.Fate fate, int nth, int repairsCut) {
    writes.set(0);
    var cuts = new AtomicInteger();
    proxy.faults(request -> {
      if (isWrite(request) && writes.incrementAndGet() == nth) {
        return fate;
      }
      boolean isRepair = request.number() > 1 && request.has("holdfast.worker");
      return writes.get() >= nth && isRepair && cuts.incrementAndGet() <= repairsCut
          ? fate
          : WireProxy.Fate.PASS;
    });
  }

  private NewRun newRun(String id) {
    return new NewRun(
        new RunId(id), new WorkflowKey("nobody", "1"), new Payload("1"), "d1g", Instant.now());
  }

  @ParameterizedTest
  @EnumSource(
      value = WireProxy.Fate.class,
      names = {"CUT_BEFORE", "CUT_AFTER"})
  void aStartIsToldWhatItWas(WireProxy.Fate fate) {
    NewRun present = newRun("present");
    worker.journal().start(present).join();
    for (int repairsCut = 0; repairsCut < 3; repairsCut++) {
      cut(fate, 1, repairsCut);
      assertThat(worker.journal().start(newRun("new-" + repairsCut)).join())
          .isInstanceOf(Start.Fresh.class);
      cut(fate, 1, repairsCut);
      assertThat(worker.journal().start(present).join())
          .isInstanceOfSatisfying(
              Start.Existing.class,
              found -> assertThat(found.state().id()).isEqualTo(present.id()));
      cut(fate, 1, repairsCut);
      assertThat(worker.journal().startClaimed(newRun("claimed-" + repairsCut)).join())
          .isInstanceOfSatisfying(
              Start.Fresh.class, started -> assertThat(started.claim()).isPresent());
    }
    assertThat(proxy.dealt(fate)).isGreaterThanOrEqualTo(9);
  }

  private Workflow<String, String> visit() {
    Effect<String, String> deed =
        Effect.<String, String>once(
            String.class,
            (key, what) -> {
              deeds.add(what);
              return what;
            });
    return Workflow.of("visit", String.class, String.class).body((run, id) -> visit(run, id, deed));
  }

  private static String visit(Run run, String id, Effect<String, String> deed) {
    run.effect("greet", id + " greeted", deed);
    run.sleep("pause", Duration.ofMillis(1));
    String word = run.awaitSignal("go", String.class, DEADLINE).orElse("none");
    run.effect("pay", id + " paid", deed.oncePer(Intent.Scope.GLOBAL, "payment", id));
    run.effect("thank", id + " thanked", deed);
    return word;
  }

  @ParameterizedTest
  @CsvSource({"CUT_BEFORE,0", "CUT_AFTER,0", "CUT_BEFORE,2", "CUT_AFTER,2"})
  void aRunEndsAsUndisturbedWhicheverOfItsWritesIsCut(WireProxy.Fate fate, int repairsCut) {
    Workflow<String, String> workflow = visit();
    worker.engine().register(workflow);
    worker.engine().register(Queue.of("visits").concurrencyMax(1));
    int struck = 0;
    for (int nth = 1; nth < WRITES_MAX && struck == nth - 1; nth++) {
      cut(fate, nth, repairsCut);
      String id = "visit-" + nth;
      Handle<String> handle = worker.engine().start(workflow, id, id, admission(nth));
      worker.engine().client().signal(id, "go", "1", "now", "sender");
      assertThat(handle.run(DEADLINE)).isEqualTo("now");
      struck += writes.get() >= nth ? 1 : 0;
    }
    assertThat(struck).as("writes that were cut").isGreaterThan(6);
    assertThat(deeds.all()).doesNotHaveDuplicates().hasSize(3 * (struck + 1));
  }

  /** Every second one through a queue and a session: what ends it lets others in. */
  private static Admission admission(int nth) {
    return nth % 2 == 0 ? Admission.throughQueue("visits").session("anna") : Admission.AT_ONCE;
  }

  @Test
  void manyRunsEndAsUndisturbedWhileConnectionsAreCutAtRandom() throws Exception {
    long seed = 20_261_123;
    var chance = new Random(seed);
    Workflow<String, Integer> workflow = TestWorker.errand(deeds, 10, Duration.ZERO);
    worker.engine().register(workflow);
    proxy.faults(request ->
        switch (isWrite(request) ? chance.nextInt(30) : 2) {
          case 0 -> WireProxy.Fate.CUT_BEFORE;
          case 1 -> WireProxy.Fate.CUT_AFTER;
          default -> WireProxy.Fate.PASS;
        });
    var handles = new ArrayList<Handle<Integer>>();
    for (int i = 0; i < 100; i++) {
      handles.add(worker.engine().start(workflow, "errand-" + i, "errand-" + i));
    }
    handles.forEach(handle -> assertThat(handle.run(DEADLINE)).isEqualTo(10));

    proxy.heal();
    assertThat(proxy.dealt(WireProxy.Fate.CUT_AFTER)).as("seed " + seed).isPositive();
    assertThat(proxy.dealt(WireProxy.Fate.CUT_BEFORE)).as("seed " + seed).isPositive();
    assertThat(deeds.all()).as("seed " + seed).doesNotHaveDuplicates().hasSize(1_000);
    PostgresLaws.everyRunIsCompleted(TestServer.url(name));
  }

  @ParameterizedTest
  @CsvSource({"write_1", "COMMIT"})
  void aServerThatFallsSilentIsLeftForAnotherConnection(String at) {
    worker.close();
    worker = TestWorker.open(proxy.url(name), Duration.ofSeconds(3), Settings.standard());
    Workflow<String, Integer> workflow = TestWorker.errand(deeds, 3, Duration.ZERO);
    worker.engine().register(workflow);
    worker.engine().register(Queue.of("errands"));
    var once = new AtomicInteger();
    proxy.faults(request ->
        request.has(at) && once.getAndIncrement() == 1
            ? WireProxy.Fate.SILENCE
            : WireProxy.Fate.PASS);

    Handle<Integer> handle =
        worker.engine().start(workflow, "quiet", "quiet", Admission.throughQueue("errands"));
    assertThat(handle.run(DEADLINE)).isEqualTo(3);

    assertThat(once.get()).isGreaterThan(1);
    assertThat(deeds.all()).containsExactlyElementsOf(List.of("quiet 0", "quiet 1", "quiet 2"));
  }
}
