package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed, halted for longer than their lease, or asked to end. */
class WorkerLossTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration LONG_LEASE = Duration.ofMinutes(5);
  private static final Settings HERE =
      Settings.standard().worker("here").limits(Limits.DEFAULT.poisonAfter(0));

  @TempDir Path folder;
  private final String url = TestServer.url(TestServer.database());
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
    PostgresLaws.hold(url);
  }

  private <T extends AutoCloseable> T closedLater(T one) {
    opened.add(one);
    return one;
  }

  private Deeds deeds() {
    return new Deeds(folder.resolve("deeds"));
  }

  private Client client() {
    var connections =
        PostgresConnections.over(closedLater(TestWorker.pool(url)), Durability.EPHEMERAL);
    decidedPlain(connections);
    PostgresClient journal = PostgresClient.open(connections, Optional.empty());
    return closedLater(Client.over(journal, JsonCodec.standard(), HERE.clock(journal.clock())));
  }

  /** The first worker decides whether a store is encrypted; here a client may be there before. */
  private void decidedPlain(PostgresConnections connections) {
    try (Connection connection = connections.open()) {
      StoreKey.prepare(connection, url, Optional.empty());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private WorkerChild child(Duration lease, String kind, Duration step, Duration hold) {
    return closedLater(WorkerChild.start(url, "child", lease, deeds(), kind, step, hold));
  }

  private TestWorker worker(Duration lease) {
    return closedLater(TestWorker.open(url, lease, HERE));
  }

  private Workflow<String, Integer> keyed() {
    return TestWorker.keyedErrand(deeds(), WorkerChild.STEPS, Duration.ofMillis(20), "here");
  }

  private static List<Handle<Integer>> started(
      Client client, Workflow<String, Integer> workflow, int count) {
    var handles = new ArrayList<Handle<Integer>>();
    for (int i = 0; i < count; i++) {
      handles.add(client.start(workflow, "errand-" + i, "errand-" + i));
    }
    return handles;
  }

  private void assertEachDeedHasOneKey(int runs) {
    Set<String> keys =
        deeds().all().stream()
            .map(deed -> deed.substring(0, deed.lastIndexOf(' ')))
            .collect(Collectors.toSet());
    Set<String> whats =
        keys.stream()
            .map(deed -> deed.substring(0, deed.lastIndexOf(' ')))
            .collect(Collectors.toSet());
    assertThat(whats).hasSize(runs * WorkerChild.STEPS);
    assertThat(keys).as("keys of deeds").hasSize(runs * WorkerChild.STEPS);
  }

  private List<Recorded> entries(String run) {
    try (var pool = TestWorker.pool(url);
        JournalReader reader = Holdfast.reader(pool)) {
      return reader.entries(new RunId(run), 0, 1_000);
    }
  }

  @Test
  void theRunsOfAKilledWorkerAreTakenOverWithinItsLease() throws Exception {
    Client client = client();
    List<Handle<Integer>> handles = started(client, keyed(), 40);
    for (int kill = 0; kill < 2; kill++) {
      WorkerChild child = child(LEASE, "keyed", Duration.ofMillis(100), Duration.ZERO);
      int before = deeds().all().size();
      Awaitility.await().atMost(DEADLINE).until(() -> deeds().all().size() > before + 20);
      child.kill();
    }
    TestWorker worker = worker(LEASE);
    worker.engine().register(keyed());
    Awaitility.await()
        .atMost(LEASE.multipliedBy(2))
        .until(() -> PostgresLaws.rows(url, "SELECT 1 FROM holdfast.worker").size() == 1);
    handles.forEach(handle -> assertThat(handle.run(DEADLINE)).isEqualTo(WorkerChild.STEPS));
    assertEachDeedHasOneKey(40);
    PostgresLaws.everyRunIsCompleted(url);
  }

  @Test
  void aWorkerThatEndsInGoodOrderHandsItsRunsOverAtOnce() throws Exception {
    List<Handle<Integer>> handles = started(client(), keyed(), 20);
    WorkerChild child = child(LONG_LEASE, "keyed", Duration.ofMillis(200), Duration.ZERO);
    Awaitility.await().atMost(DEADLINE).until(() -> deeds().all().size() > 20);
    child.terminate();

    assertThat(PostgresLaws.rows(url, "SELECT 1 FROM holdfast.worker")).isEmpty();
    assertThat(PostgresLaws.rows(url, "SELECT 1 FROM holdfast.run WHERE deaths > 0")).isEmpty();
    TestWorker worker = worker(LONG_LEASE);
    worker.engine().register(keyed());
    handles.forEach(handle -> assertThat(handle.run(DEADLINE)).isEqualTo(WorkerChild.STEPS));
    assertEachDeedHasOneKey(20);
  }

  /** Halts a worker at that line of its output until its runs are another's. */
  private void haltUntilTakenOver(WorkerChild child, String line) {
    child.awaitLine(line);
    child.halt();
    Awaitility.await()
        .atMost(LEASE.multipliedBy(3))
        .until(() ->
            PostgresLaws.rows(url, "SELECT 1 FROM holdfast.worker WHERE name = 'child'").isEmpty());
  }

  @Test
  void whatAHaltedWorkerLearnsLateIsEvidenceAndItWorksOn() throws Exception {
    Client client = client();
    WorkerChild child = child(LEASE, "once", Duration.ofSeconds(1), Duration.ofMillis(1));
    TestWorker worker = worker(LEASE);
    Workflow<String, Integer> workflow =
        TestWorker.errand(deeds(), WorkerChild.STEPS, Duration.ZERO);
    Handle<Integer> handle = client.start(workflow, "e", "e");
    haltUntilTakenOver(child, "before e effect:deed#0");
    worker.engine().register(workflow);
    assertThat(handle.await(DEADLINE)).isInstanceOf(Outcome.InDoubt.class);
    child.goOn();

    assertThat(awaited(handle)).isEqualTo(new Outcome.Completed<>(WorkerChild.STEPS));
    assertThat(deeds().all()).doesNotHaveDuplicates().hasSize(WorkerChild.STEPS);
    assertThat(entries("e"))
        .extracting(Recorded::entry)
        .filteredOn(Entry.DoubtSettled.class::isInstance)
        .singleElement()
        .satisfies(entry -> {
          var settled = (Entry.DoubtSettled) entry;
          assertThat(settled.verdict()).isInstanceOf(Verdict.Happened.class);
          assertThat(settled.who()).isEqualTo("worker child, claim 1");
        });
    worker.close();
    assertThat(client.start(workflow, "f", "f").run(DEADLINE)).isEqualTo(WorkerChild.STEPS);
    assertThat(PostgresLaws.rows(url, "SELECT name FROM holdfast.worker")).containsExactly("child");
  }

  private Outcome<Integer> awaited(Handle<Integer> handle) {
    Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(() ->
            assertThat(handle.outcome().isEnded())
                .as(() -> "%s after %s".formatted(handle.outcome(), entries(handle.id().text())))
                .isTrue());
    return handle.outcome();
  }

  @Test
  void nothingGoesOutOfAHaltedWorkerForARunThatItLost() throws Exception {
    Client client = client();
    WorkerChild child = child(LEASE, "keyed", Duration.ZERO, Duration.ofMillis(500));
    TestWorker worker = worker(LEASE);
    Handle<Integer> handle = client.start(keyed(), "e", "e");
    haltUntilTakenOver(child, "before e effect:deed#0");
    worker.engine().register(keyed());
    assertThat(handle.run(DEADLINE)).isEqualTo(WorkerChild.STEPS);
    child.goOn();
    // It has joined again, so it has long come to the place at which it would have called.
    Awaitility.await()
        .atMost(DEADLINE)
        .until(() ->
            !PostgresLaws.rows(url, "SELECT 1 FROM holdfast.worker WHERE name = 'child'")
                .isEmpty());
    worker.close();
    assertThat(client.start(keyed(), "f", "f").run(DEADLINE)).isEqualTo(WorkerChild.STEPS);

    assertThat(deeds().all())
        .filteredOn(deed -> deed.startsWith("e "))
        .hasSize(WorkerChild.STEPS)
        .allSatisfy(deed -> assertThat(deed).endsWith(" here"));
    assertThat(deeds().all())
        .filteredOn(deed -> deed.startsWith("f "))
        .allSatisfy(deed -> assertThat(deed).endsWith(" child"));
    assertThat(entries("e")).extracting(Recorded::epoch).isSorted();
  }

  // The moment to look at lasts a lease of two seconds, too short for a machine that does much
  // else.
  @Test
  @EnabledIfSystemProperty(named = "holdfast.campaigns", matches = "true")
  void aWorkerHaltedInMidTransactionHoldsNobodyUpForLongerThanItsLease() throws Exception {
    try (var proxy = new WireProxy(TestServer.server().getPort())) {
      TestWorker worker = worker(LEASE);
      worker.engine().register(Queue.of("errands").concurrencyMax(2));
      Client client = client();
      String throughProxy = proxy.url(url.replaceAll(".*/([^?]*)\\?.*", "$1"));
      WorkerChild child =
          closedLater(
              WorkerChild.start(
                  throughProxy, "child", LEASE, deeds(), "keyed", Duration.ZERO, Duration.ZERO));
      var isHalted = new AtomicBoolean();
      proxy.faults(request -> {
        if (request.has(PostgresQueues.WITH_READY.substring(0, 30))
            && isHalted.compareAndSet(false, true)) {
          child.halt();
        }
        return WireProxy.Fate.PASS;
      });
      client.start(keyed(), "first", "first", Admission.throughQueue("errands"));
      Awaitility.await().atMost(DEADLINE).until(isHalted::get);
      String inTransaction =
          "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"
              + " AND datname = current_database()";
      Awaitility.await().until(() -> !PostgresLaws.rows(url, inTransaction).isEmpty());
      long halted = System.nanoTime();

      Handle<Integer> second =
          client.start(keyed(), "second", "second", Admission.throughQueue("errands"));
      Duration waited = Duration.ofNanos(System.nanoTime() - halted);
      assertThat(waited).as("wait for the queue's lock").isLessThan(LEASE.plusSeconds(1));
      worker.engine().register(keyed());
      assertThat(second.run(DEADLINE)).isEqualTo(WorkerChild.STEPS);
      assertThat(client.find("first", Integer.class).run(DEADLINE)).isEqualTo(WorkerChild.STEPS);
      child.goOn();
      assertEachDeedHasOneKey(2);
    }
  }
}
