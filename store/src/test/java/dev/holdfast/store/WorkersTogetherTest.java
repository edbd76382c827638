package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two workers on one database: whoever asks, either executes, and each goes on for the other. */
class WorkersTogetherTest extends TwoWorkers {
  private final AtomicInteger effects = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);

  private final Workflow<String, String> risky =
      Workflow.of("risky", String.class, String.class)
          .body((run, order) -> run.effect("send", order, unanswered()));

  private final Workflow<String, String> waiting =
      Workflow.of("waiting", String.class, String.class)
          .body((run, order) -> {
            String word = run.awaitSignal("go", String.class, Duration.ofMinutes(1)).orElse("none");
            boolean granted = run.awaitApproval("pay", order, Duration.ofMinutes(1)).granted();
            return word + " " + granted;
          });

  private final Workflow<String, String> brief =
      Workflow.of("brief", String.class, String.class).body((run, input) -> "done " + input);

  private static Effect<String, String> unanswered() {
    return Effect.once(
        String.class,
        (key, id) -> {
          throw new SocketTimeoutException("no answer");
        });
  }

  /** The first attempt hangs until its worker ends, every other answers at once. */
  private Workflow<String, String> hanging() {
    return Workflow.of("hanging", String.class, String.class)
        .body((run, order) ->
            run.effect(
                "pay",
                order,
                Effect.keyed(
                    String.class,
                    (key, id) -> {
                      if (effects.incrementAndGet() == 1) {
                        begun.countDown();
                        new CountDownLatch(1).await();
                      }
                      return "paid " + id;
                    })));
  }

  @Test
  void whatAClientStartsIsExecutedByEither() {
    Limits oneEach = Limits.DEFAULT.runsMax(1);
    worker(oneEach, meeting("here"));
    worker(oneEach, meeting("there"));
    Client client = client();

    Handle<String> first = client.start(meeting("client"), "a", "tea");
    Handle<String> second = client.start(meeting("client"), "b", "tea");

    assertThat(List.of(first.run(DEADLINE), second.run(DEADLINE)))
        .containsExactlyInAnyOrder("tea on here", "tea on there");
    assertThat(executedOn).containsExactlyInAnyOrder("here", "there");
  }

  @Test
  void aRunIsExecutedOnlyWhereItsWorkflowIsKnown() {
    Holdfast here = worker(named("left", "here"));
    Holdfast there = worker(named("right", "there"));
    Client client = client();

    List<Handle<String>> handles =
        List.of(
            client.start(named("left", "client"), "l", "in"),
            client.start(named("right", "client"), "r", "in"));

    assertThat(handles).extracting(handle -> handle.run(DEADLINE)).containsExactly("here", "there");
    assertThat(here.find("r", String.class).run(DEADLINE)).isEqualTo("there");
    assertThat(there.find("l", String.class).run(DEADLINE)).isEqualTo("here");
  }

  private static Workflow<String, String> named(String name, String worker) {
    return Workflow.of(name, String.class, String.class).body((run, input) -> worker);
  }

  @Test
  void aRunOfAWorkflowThatNobodyHasYetWaitsForWhoBringsIt() {
    Holdfast here = worker(brief);
    Handle<String> handle = client().start(named("left", "client"), "l", "in");
    assertThat(handle.await(Duration.ofMillis(300))).isNotInstanceOf(Outcome.Completed.class);

    worker(named("left", "there"));

    assertThat(here.find("l", String.class).run(DEADLINE)).isEqualTo("there");
  }

  @Test
  void aDoubtThatAroseHereIsSettledThere() {
    Holdfast here = worker(risky);
    Holdfast there = worker(risky);
    Handle<String> handle = here.start(risky, "r", "17");
    assertThat(handle.await(DEADLINE)).isInstanceOf(Outcome.InDoubt.class);

    var happened = new Verdict.Happened(there.engine().client().encode("it arrived"));
    there.settle("r", new StepPath("effect:send#0"), happened, "anna", "saw the mail");

    assertThat(handle.run(DEADLINE)).isEqualTo("it arrived");
    assertThat(there.find("r", String.class).run(DEADLINE)).isEqualTo("it arrived");
  }

  @Test
  void aRunThatWaitsHereIsSignalledAndApprovedThere() {
    Holdfast here = worker(waiting);
    Holdfast there = worker(waiting);
    Handle<String> handle = here.start(waiting, "r", "17");

    there.signal("r", "go", "s-1", "now", "bob");
    // The same message again is heard once.
    here.signal("r", "go", "s-1", "now", "bob");
    await().atMost(DEADLINE).until(() -> !there.questions("r").isEmpty());
    Entry.ApprovalAsked question = there.questions("r").getFirst();
    there.approve("r", question, true, "ann", "fine");

    assertThat(handle.run(DEADLINE)).isEqualTo("now true");
  }

  @Test
  void aRunThatWaitsHereIsCancelledThere() {
    Holdfast here = worker(waiting);
    Holdfast there = worker(waiting);
    Handle<String> handle = here.start(waiting, "r", "17");
    await().atMost(DEADLINE).until(() -> handle.outcome() instanceof Outcome.Waiting);

    there.cancel("r", "ann", "not needed");

    assertThatThrownBy(() -> handle.run(DEADLINE))
        .isInstanceOf(RunException.RunEnded.class)
        .hasMessageContaining("not needed");
    assertThatThrownBy(() -> here.signal("r", "go", "s-1", "late", "bob"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
  }

  @Test
  void whatAWorkerThatClosesWasAtIsHandedOverAtOnce() throws Exception {
    Workflow<String, String> hanging = hanging();
    Holdfast here = worker(hanging);
    here.start(hanging, "r", "17");
    waitFor(begun);
    Holdfast there = worker(hanging);

    here.close(Duration.ofMillis(10));

    assertThat(there.find("r", String.class).run(DEADLINE)).isEqualTo("paid 17");
    assertThat(effects).hasValue(2);
    assertThat(claims("r")).isEqualTo(2);
  }

  @Test
  void whatAWorkerThatCrashedWasAtIsTakenOver() throws Exception {
    Workflow<String, String> hanging = hanging();
    Holdfast here = worker(hanging);
    Handle<String> handle = here.start(hanging, "r", "17");
    waitFor(begun);
    Holdfast there = worker(hanging);

    here.engine().crash();

    assertThat(there.find("r", String.class).run(DEADLINE)).isEqualTo("paid 17");
    assertThat(claims("r")).isEqualTo(2);
    assertThatThrownBy(() -> handle.run(Duration.ofMillis(200))).isInstanceOf(Exception.class);
  }

  /** How many claims executed a run: each writes its entries under an epoch of its own. */
  private long claims(String id) {
    try (JournalReader reader = store.reader()) {
      return reader.entries(new RunId(id), 1, 100).stream()
          .mapToLong(recorded -> recorded.epoch())
          .distinct()
          .count();
    }
  }

  @Test
  void whatSleepsHereIsWokenThere() {
    Workflow<String, String> sleeping =
        Workflow.of("sleeping", String.class, String.class)
            .body((run, input) -> {
              run.sleep("night", Duration.ofMillis(400));
              return "awake";
            });
    Holdfast here = worker(sleeping);
    here.start(sleeping, "r", "17");
    await()
        .atMost(DEADLINE)
        .until(() -> here.find("r", String.class).outcome() instanceof Outcome.Waiting);
    here.close();

    Holdfast there = worker(sleeping);

    assertThat(there.find("r", String.class).run(DEADLINE)).isEqualTo("awake");
  }

  @Test
  void aRunAttachedHereIsFoundThere() throws Exception {
    Holdfast here = worker();
    Holdfast there = worker();

    String answer = here.attached("r", String.class, DEADLINE, () -> "done beside");

    assertThat(answer).isEqualTo("done beside");
    assertThat(there.find("r", String.class).run(DEADLINE)).isEqualTo("done beside");
    assertThat(there.attached("r", String.class, DEADLINE, () -> "never called"))
        .isEqualTo("done beside");
  }

  @Test
  void ofManyWhoStartOneIdEachGetsTheResultOfTheOneRun() throws Exception {
    Workflow<String, String> paying =
        Workflow.of("paying", String.class, String.class)
            .body((run, order) ->
                run.effect(
                    "pay",
                    order,
                    Effect.keyed(String.class, (key, id) -> "paid " + effects.incrementAndGet())));
    List<Holdfast> workers = List.of(worker(paying), worker(paying));

    List<String> results =
        atOnce(24, i -> () -> workers.get(i % 2).start(paying, "r", "17").run(DEADLINE));

    assertThat(results).containsOnly("paid 1");
    assertThat(effects).hasValue(1);
    try (JournalReader reader = store.reader()) {
      assertThat(reader.runs(Set.of(), 0, 10)).hasSize(1);
    }
  }

  @Test
  void anIdIsOneRunWhateverIsAskedOfItOnTheOtherWorker() {
    Holdfast here = worker(brief);
    Holdfast there = worker(brief);
    assertThat(here.start(brief, "r", "17").run(DEADLINE)).isEqualTo("done 17");

    assertThatThrownBy(() -> there.start(brief, "r", "18"))
        .isInstanceOf(RunException.RunConflict.class);
    assertThat(there.start(brief, "r", "17").run(DEADLINE)).isEqualTo("done 17");
  }

  @Test
  void aRunThatKillsItsWorkersIsQuarantinedAndTheOthersComplete() throws Exception {
    var deaths = new AtomicInteger();
    Client client = client();
    Handle<String> poison = client.start(deadly(new CountDownLatch(1)), "poison", "x");
    for (int i = 0; i < 6; i++) {
      var executed = new CountDownLatch(1);
      Holdfast worker = worker(Limits.DEFAULT.poisonAfter(2), deadly(executed), brief);
      Handle<String> other = client.start(brief, "other-" + i, "" + i);
      await()
          .atMost(DEADLINE)
          .until(() -> executed.getCount() == 0 || poison.outcome() instanceof Outcome.Quarantined);
      if (executed.getCount() == 0) {
        worker.engine().crash();
        deaths.incrementAndGet();
      } else {
        assertThat(other.run(DEADLINE)).isEqualTo("done " + i);
      }
    }

    assertThat(poison.outcome()).isInstanceOf(Outcome.Quarantined.class);
    assertThat(deaths).hasValue(3);
    for (int i = 0; i < 6; i++) {
      assertThat(client.find("other-" + i, String.class).run(DEADLINE)).isEqualTo("done " + i);
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.runs(Set.of(Status.QUARANTINED), 0, 10)).hasSize(1);
    }
  }

  private static Workflow<String, String> deadly(CountDownLatch executed) {
    return Workflow.of("deadly", String.class, String.class)
        .body((run, input) -> {
          executed.countDown();
          new CountDownLatch(1).await();
          return "never";
        });
  }
}
