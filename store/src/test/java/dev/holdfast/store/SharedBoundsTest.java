package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is one for all workers of a database: queues, sessions and business facts. */
class SharedBoundsTest extends TwoWorkers {
  private static final Admission MAIL = Admission.throughQueue("mail");
  private final AtomicInteger executing = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger effects = new AtomicInteger();

  /** Tells how many of its runs executed at the same time. */
  private final Workflow<String, String> counted =
      Workflow.of("counted", String.class, String.class)
          .body((run, input) -> {
            most.accumulateAndGet(executing.incrementAndGet(), Math::max);
            Thread.sleep(15);
            executing.decrementAndGet();
            return input;
          });

  @Test
  void noMoreExecuteThanAQueueAllowsHoweverManyWorkersThereAre() {
    Holdfast here = worker(counted);
    worker(counted);
    here.register(Queue.of("mail").concurrencyMax(3));
    Client client = client();

    var handles = new ArrayList<Handle<String>>();
    for (int i = 0; i < 24; i++) {
      handles.add(client.start(counted, "r-" + i, "" + i, MAIL));
    }

    assertThat(handles).allSatisfy(handle -> assertThat(handle.run(DEADLINE)).isNotEmpty());
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void aWorkerThatMayExecuteOneLeavesTheOtherToTheOther() {
    Holdfast here = worker(meeting("here"));
    worker(meeting("there"));
    here.register(Queue.of("mail").concurrencyMax(9).concurrencyMaxPerWorker(1));
    Client client = client();

    List<Handle<String>> handles =
        List.of(
            client.start(meeting("client"), "a", "tea", MAIL),
            client.start(meeting("client"), "b", "tea", MAIL));

    assertThat(handles)
        .extracting(handle -> handle.run(DEADLINE))
        .containsExactlyInAnyOrder("tea on here", "tea on there");
  }

  @Test
  void boundsThatOneRegistersHoldForTheOther() throws Exception {
    Holdfast here = worker(counted);
    Holdfast there = worker(counted);
    here.register(Queue.of("mail").concurrencyMax(9));
    there.register(Queue.of("mail").concurrencyMax(1));

    List<String> results =
        atOnce(10, i -> () -> here.start(counted, "r-" + i, "" + i, MAIL).run(DEADLINE));

    assertThat(results).hasSize(10);
    assertThat(most).hasValue(1);
  }

  @Test
  void aPlaceOfAWorkerThatCrashedIsFreeForTheOther() throws Exception {
    var begun = new CountDownLatch(1);
    Workflow<String, String> stuck =
        Workflow.of("stuck", String.class, String.class)
            .body((run, input) -> {
              if (begun.getCount() > 0) {
                begun.countDown();
                new CountDownLatch(1).await();
              }
              return input;
            });
    Holdfast here = worker(stuck);
    here.register(Queue.of("mail").concurrencyMax(1));
    Client client = client();
    Handle<String> first = client.start(stuck, "first", "1", MAIL);
    waitFor(begun);
    Handle<String> second = client.start(stuck, "second", "2", MAIL);
    worker(stuck);
    assertThat(second.await(Duration.ofMillis(300)).isEnded()).isFalse();

    here.engine().crash();

    assertThat(first.run(DEADLINE)).isEqualTo("1");
    assertThat(second.run(DEADLINE)).isEqualTo("2");
  }

  @Test
  void aFullQueueNeverHoldsMoreThanMayWait() throws Exception {
    List<Client> clients = List.of(client(), client());
    // Nobody has the workflow: all that is accepted waits.
    worker().register(Queue.of("mail").waitingMax(7));

    List<Boolean> accepted = atOnce(40, i -> () -> isAccepted(clients.get(i % 2), "r-" + i));

    assertThat(accepted.stream().filter(isTrue -> isTrue)).hasSize(7);
    try (JournalReader reader = store.reader()) {
      assertThat(reader.load("mail").map(Queue.Load::waiting)).contains(7);
      assertThat(reader.runs(Set.of(), 0, 100)).hasSize(7);
    }
  }

  private boolean isAccepted(Client client, String id) {
    try {
      return client.start(counted, id, "x", MAIL).id().text().equals(id);
    } catch (RunException.QueueFull refused) {
      assertThat(refused).hasMessageContaining("mail");
      return false;
    }
  }

  @Test
  void ofManyWithOneDeduplicationIdOneIsARun() throws Exception {
    List<Holdfast> workers = List.of(worker(counted), worker(counted));
    workers.getFirst().register(Queue.of("mail").concurrencyMax(4));
    Admission once = MAIL.deduplicated("order 17");

    List<RunId> runs =
        atOnce(24, i -> () -> workers.get(i % 2).start(counted, "r-" + i, "17", once).id());

    assertThat(Set.copyOf(runs)).hasSize(1);
    assertThat(workers.getLast().find(runs.getFirst().text(), String.class).run(DEADLINE))
        .isEqualTo("17");
    try (JournalReader reader = store.reader()) {
      assertThat(reader.runs(Set.of(), 0, 100)).hasSize(1);
    }
  }

  @Test
  void theMessagesOfASessionAreHeardInTheirOrderWhicheverWorkerHearsThem() {
    Workflow<String, String> hearing =
        Workflow.of("hearing", String.class, String.class).body(SharedBoundsTest::hear);
    List<Holdfast> workers = List.of(worker(hearing), worker(hearing));
    var handles = new ArrayList<Handle<String>>();
    for (int i = 0; i < 12; i++) {
      Admission anna = Admission.inSession("anna");
      handles.add(workers.get(i % 2).start(hearing, "m-" + i, "" + (char) ('a' + i), anna));
    }

    assertThat(handles.getLast().run(DEADLINE)).isEqualTo("abcdefghijkl");
    assertThat(handles.get(5).run(DEADLINE)).isEqualTo("abcdef");
    try (JournalReader reader = store.reader()) {
      assertThat(reader.sessionState("anna")).contains(new Payload("\"abcdefghijkl\""));
    }
  }

  private static String hear(Run run, String message) {
    String heard = run.sessionState(String.class).orElse("") + message;
    run.sleep("pause", Duration.ofMillis(1));
    run.handOn(heard);
    return heard;
  }

  @Test
  void messagesRacedBySeveralSendersAreAllHeardAndOneAtATime() throws Exception {
    Workflow<String, String> hearing =
        Workflow.of("hearing", String.class, String.class)
            .body((run, message) -> {
              most.accumulateAndGet(executing.incrementAndGet(), Math::max);
              String heard = run.sessionState(String.class).orElse("") + message;
              executing.decrementAndGet();
              run.handOn(heard);
              return heard;
            });
    List<Holdfast> workers = List.of(worker(hearing), worker(hearing));

    List<String> results =
        atOnce(
            16,
            i ->
                () ->
                    workers
                        .get(i % 2)
                        .start(
                            hearing, "m-" + i, "" + (char) ('a' + i), Admission.inSession("anna"))
                        .run(DEADLINE));

    String all = results.stream().max(java.util.Comparator.comparingInt(String::length)).get();
    assertThat(all.chars().distinct().count()).isEqualTo(16);
    assertThat(results).allMatch(all::startsWith).doesNotHaveDuplicates();
    assertThat(most).hasValue(1);
  }

  @Test
  void aFactThatManyWantHappensOnceAndAllLearnItsResult() throws Exception {
    Effect<String, String> payment =
        Effect.<String, String>keyed(
                String.class,
                (key, order) -> {
                  Thread.sleep(20);
                  return "receipt " + effects.incrementAndGet();
                })
            .oncePer(Intent.Scope.GLOBAL, "payment", "order 17");
    Workflow<String, String> paying =
        Workflow.of("paying", String.class, String.class)
            .body((run, order) -> run.effect("pay", order, payment));
    List<Holdfast> workers = List.of(worker(paying), worker(paying));

    List<String> results =
        atOnce(20, i -> () -> workers.get(i % 2).start(paying, "r-" + i, "17").run(DEADLINE));

    assertThat(results).hasSize(20).containsOnly("receipt 1");
    assertThat(effects).hasValue(1);
    try (JournalReader reader = store.reader()) {
      assertThat(reader.facts(Fact.State.HAPPENED, 10)).hasSize(1);
      assertThat(reader.facts(Fact.State.HELD, 10)).isEmpty();
    }
  }

  @Test
  void aFactHeldByAWorkerThatCrashesIsGivenUpByTheOther() throws Exception {
    var begun = new CountDownLatch(1);
    Effect<String, String> payment =
        Effect.<String, String>keyed(
                String.class,
                (key, order) -> {
                  if (effects.incrementAndGet() == 1) {
                    begun.countDown();
                    new CountDownLatch(1).await();
                  }
                  return "paid";
                })
            .oncePer(Intent.Scope.GLOBAL, "payment", "order 18");
    Workflow<String, String> paying =
        Workflow.of("paying", String.class, String.class)
            .body((run, order) -> run.effect("pay", order, payment));
    Holdfast here = worker(paying);
    here.start(paying, "first", "18");
    waitFor(begun);
    Holdfast there = worker(paying);
    Handle<String> second = there.start(paying, "second", "18");
    assertThat(second.await(Duration.ofMillis(200)).isEnded()).isFalse();

    here.engine().crash();

    assertThat(second.run(DEADLINE)).isEqualTo("paid");
    assertThat(there.find("first", String.class).run(DEADLINE)).isEqualTo("paid");
    assertThat(effects).hasValue(2);
  }

  @Test
  void aQueueIsUnknownUntilSomebodyRegistersIt() {
    Client client = client();
    assertThatThrownBy(() -> client.start(counted, "r", "x", MAIL))
        .isInstanceOf(RunException.QueueUnknown.class)
        .hasMessageContaining("mail");

    worker(counted).register(Queue.of("mail"));

    assertThat(client.start(counted, "r", "x", MAIL).run(DEADLINE)).isEqualTo("x");
  }
}
