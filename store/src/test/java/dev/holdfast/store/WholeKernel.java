package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One world in which runs do together all that a run can do: a session of trips through a queue,
 * the first booked, the second rolled back; a fork of the first; a run that is cancelled and one
 * that its deadline ends.
 */
final class WholeKernel implements CrashHarness.Scenario {
  static final Queue QUEUE = Queue.of("trips").concurrencyMax(2);
  private static final Admission QUEUED = Admission.throughQueue(QUEUE.name());
  private static final Duration BRIEFLY = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofMillis(2);

  private final TestStore store;
  private final Outside outside;
  private final Trips trips;
  private final AtomicInteger openings = new AtomicInteger();

  WholeKernel(TestStore store, Path folder) throws SQLException {
    this.store = store;
    this.outside = new Outside(folder);
    this.trips = new Trips(outside);
  }

  @Override
  public Engine open(FaultPoints faultPoints) {
    if (openings.incrementAndGet() > 1) {
      try (JournalReader reader = store.reader()) {
        trips.deploy(new WholeLaws(reader, outside).daysSealed());
      }
    }
    Engine engine = store.engine(faultPoints);
    engine.register(QUEUE);
    engine.register(
        trips.waiting, trips.packing, trips.trip, trips.visit, trips.errand, trips.memory);
    return engine;
  }

  @Override
  public void drive(Engine engine) throws InterruptedException {
    var people = new People(engine.client());
    Admission inSession = QUEUED.session("traveller");
    Handle<String> errand =
        engine.start(trips.errand, "errand", "errand", Admission.atMost(BRIEFLY));
    Handle<String> visit = engine.start(trips.visit, "visit", "visit", QUEUED);
    Handle<String> first = engine.start(trips.trip, "first", "first", inSession);
    Handle<String> second = engine.start(trips.trip, "second", "second", inSession);
    Handle<String> last = engine.start(trips.memory, "last", "last", inSession);
    people.helpUntilEnded(List.of(first, visit));
    Handle<String> fork = people.fork();
    people.helpUntilEnded(List.of(fork, second, last, errand));
    awaitRest();
  }

  /** Children that nobody waits for any more end too. */
  private void awaitRest() throws InterruptedException {
    Set<Status> going = EnumSet.allOf(Status.class);
    going.removeIf(Status::isEnded);
    try (JournalReader reader = store.reader()) {
      while (!reader.runs(going, 0, 1).isEmpty()) {
        Thread.sleep(LOOK);
      }
    }
  }

  @Override
  public void check() throws SQLException {
    try (JournalReader reader = store.reader()) {
      new WholeLaws(reader, outside).check();
    }
    assertThat(trips.redone()).as("sealed turns that were executed again").isEmpty();
  }

  @Override
  public void close() {
    store.close();
  }

  /** Those who send each message once in an opening, when its run waits for it. */
  private final class People {
    private final Client client;
    private final Set<String> said = new HashSet<>();

    People(Client client) {
      this.client = client;
    }

    void helpUntilEnded(List<Handle<String>> handles) {
      for (boolean isGoing = true; isGoing; ) {
        isGoing = false;
        for (Handle<String> handle : handles) {
          Outcome<String> outcome = handle.outcome();
          help(handle.id().text(), outcome);
          isGoing |= !outcome.isEnded();
        }
        handles.getLast().await(LOOK);
      }
    }

    /** Forks the first trip before its seat, of which all that it did after that is adopted. */
    Handle<String> fork() {
      Client.Fork fork = Client.Fork.at(Trips.CUT);
      for (Client.Fork.Sent sent : client.sentAfter("first", Trips.CUT)) {
        fork = fork.choose(sent.path(), Client.Fork.Choice.ADOPT);
      }
      return client.find(client.fork("first", "fork", fork), String.class);
    }

    private void help(String run, Outcome<String> outcome) {
      try {
        switch (outcome) {
          case Outcome.Waiting<String> waiting -> help(run, waiting.why());
          case Outcome.InDoubt<String> doubt -> doubt.effects().forEach(one -> settle(run, one));
          case Outcome.Quarantined<String> halt -> throw new AssertionError(run + " " + halt);
          case Outcome.Completed<String> ended -> {}
          case Outcome.Truncated<String> ended -> {}
          case Outcome.Failed<String> ended -> {}
          case Outcome.Cancelled<String> ended -> {}
          case Outcome.Compensated<String> ended -> {}
        }
      } catch (RunException.MessageNotAccepted late) {
        assertThat(late).hasMessageContaining(run);
      }
    }

    private void help(String run, Outcome.Why why) {
      if (why == Outcome.Why.SIGNAL && said.add(run + why)) {
        if (run.equals("visit")) {
          client.cancel(run, "ann", "nobody is at home");
        } else {
          client.signal(run, "go", "1", "now", "ann");
        }
      }
      if (why == Outcome.Why.PERSON && said.add(run + why)) {
        for (Entry.ApprovalAsked question : client.questions(run)) {
          client.approve(run, question, true, "ann", "fine");
        }
      }
    }

    /** Only the seat and its release are done once and for all, so only they can be in doubt. */
    private void settle(String run, Outcome.Doubt doubt) {
      if (!said.add(run + doubt.path())) {
        return;
      }
      assertThat(doubt.path().text()).startsWith(Trips.CUT.text());
      String seat = run + " seat";
      String fact = doubt.path().equals(Trips.CUT) ? seat : Outside.undoOf(seat);
      Verdict verdict =
          outside.isSo(fact)
              ? new Verdict.Happened(client.encode(fact))
              : new Verdict.DidNotHappen();
      client.settle(run, doubt.path(), verdict, "ann", "she asked");
    }
  }
}
