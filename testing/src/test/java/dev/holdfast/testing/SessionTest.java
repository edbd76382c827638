package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages of one session: one at a time, in order, each handing its state to the next. */
class SessionTest {
  private static final Admission IN_S = Admission.inSession("s");
  private final Stage stage = Stage.standing();

  private final Workflow<String, String> talk =
      Workflow.of("talk", String.class, String.class)
          .failsOn(ArithmeticException.class)
          .body(this::hear);

  @AfterEach
  void close() {
    stage.close();
  }

  private String hear(Run run, String message) {
    String before = run.sessionState(String.class).orElse("nothing");
    run.handOn(message);
    switch (message) {
      case "fails" -> throw new ArithmeticException("declared");
      case "breaks" -> throw new IllegalStateException("broken");
      case "truncates" -> throw run.truncate("turns", "1 of 1");
      case "waits" -> run.awaitSignal("go", String.class, Duration.ofDays(1));
      default -> {}
    }
    return before;
  }

  private Handle<String> send(Engine engine, String message) {
    return engine.start(talk, message, message, IN_S);
  }

  private static Outcome<String> heard(String before) {
    return new Outcome.Completed<>(before);
  }

  @Test
  void eachMessageGetsWhatTheOneBeforeHandedOn() {
    Engine engine = stage.open(talk);
    List<Handle<String>> handles = List.of(send(engine, "a"), send(engine, "b"), send(engine, "c"));

    assertThat(handles.stream().map(stage::settled))
        .containsExactly(heard("nothing"), heard("a"), heard("b"));
    assertThat(stage.settled(send(engine, "d"))).isEqualTo(heard("c"));
    assertThat(stage.settled(engine.start(talk, "e", "e", Admission.inSession("other"))))
        .isEqualTo(heard("nothing"));
  }

  @Test
  void whatFailedOrWasTruncatedHandsOnNothing() {
    Engine engine = stage.open(talk);
    send(engine, "a");
    assertThat(stage.settled(send(engine, "fails"))).isInstanceOf(Outcome.Failed.class);
    assertThat(stage.settled(send(engine, "truncates"))).isInstanceOf(Outcome.Truncated.class);

    assertThat(stage.settled(send(engine, "b"))).isEqualTo(heard("a"));
  }

  @Test
  void aCancelledMessageHandsOnNothingAndItsBodyNeverRuns() {
    Engine engine = stage.open(talk);
    stage.parked(send(engine, "waits"));
    Handle<String> second = send(engine, "second");
    Handle<String> third = send(engine, "third");
    engine.client().cancel("second", "ann", "not needed");
    assertThat(stage.journal().behind(new RunId("waits"))).isEqualTo(2);
    assertThat(second.outcome())
        .isEqualTo(new Outcome.Waiting<String>(Outcome.Why.QUEUED, List.of()));

    engine.client().signal("waits", "go", "1", "now", "ann");

    assertThat(stage.settled(second)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(stage.settled(third)).isEqualTo(heard("waits"));
    assertThat(stage.entries("second", Entry.StepAnswered.class)).isEmpty();
  }

  @Test
  void aQuarantinedMessageHoldsTheSessionUntilItEnds() throws Exception {
    Engine engine = stage.open(talk);
    Handle<String> broken = send(engine, "breaks");
    assertThat(stage.settled(broken)).isInstanceOf(Outcome.Quarantined.class);
    Handle<String> next = send(engine, "next");

    Thread.sleep(150);
    assertThat(next.outcome()).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.journal().behind(new RunId("breaks"))).isEqualTo(1);
    engine.client().cancel("breaks", "ann", "give up");

    assertThat(stage.settled(next)).isEqualTo(heard("nothing"));
  }

  @Test
  void aTruncatedMessageThatIsResumedWaitsForItsTurn() {
    Engine engine = stage.open(talk);
    Handle<String> truncated = send(engine, "truncates");
    stage.settled(truncated);
    stage.parked(send(engine, "waits"));
    Handle<String> last = send(engine, "last");

    engine.client().resume("truncates", "ann", "more");
    assertThat(truncated.outcome()).isInstanceOf(Outcome.Waiting.class);
    engine.client().signal("waits", "go", "1", "now", "ann");

    assertThat(stage.settled(last)).isEqualTo(heard("waits"));
    assertThat(stage.settled(truncated)).isInstanceOf(Outcome.Truncated.class);
  }

  @Test
  void aReplaySeesTheStateThatTheFirstExecutionSaw() {
    Engine engine = stage.open(talk);
    stage.settled(send(engine, "a"));
    stage.parked(send(engine, "waits"));
    engine.crash();

    Engine again = stage.open(talk);
    again.client().signal("waits", "go", "1", "now", "ann");

    assertThat(stage.settled(again.find("waits", String.class))).isEqualTo(heard("a"));
    assertThat(stage.settled(send(again, "b"))).isEqualTo(heard("waits"));
  }

  @Test
  void outsideOfASessionThereIsNoState() {
    Workflow<String, String> writing =
        Workflow.of("writing", String.class, String.class)
            .body((run, input) -> {
              run.handOn(input);
              return input;
            });
    Engine engine = stage.open(talk, writing);

    for (Handle<String> handle :
        List.of(engine.start(talk, "r", "r"), engine.start(writing, "w", "w"))) {
      assertThat(stage.settled(handle))
          .isInstanceOfSatisfying(
              Outcome.Quarantined.class,
              halt ->
                  assertThat(halt.reason())
                      .contains("outside of a session")
                      .contains("Admission.inSession"));
    }
  }

  @Test
  void ofParallelBranchesOneIsTheLastAndStaysIt() {
    Workflow<String, String> branching =
        Workflow.of("branching", String.class, String.class)
            .body((run, input) -> {
              List<Run.Branch<String>> branches =
                  IntStream.range(0, 8)
                      .mapToObj(i -> new Run.Branch<>("b" + i, branch -> handOn(branch, "b" + i)))
                      .toList();
              run.parallel("all", branches);
              run.awaitSignal("go", String.class, Duration.ofDays(1));
              return "";
            });
    Engine engine = stage.open(talk, branching);
    stage.parked(engine.start(branching, "r", "", IN_S));
    String last = stage.entries("r", Entry.StepAnswered.class).getLast().result().text();
    engine.client().signal("r", "go", "1", "now", "ann");
    stage.settled(engine.find("r", String.class));

    assertThat(
            "\"" + ((Outcome.Completed<String>) stage.settled(send(engine, "a"))).result() + "\"")
        .isEqualTo(last);
  }

  private static String handOn(Run branch, String state) {
    branch.handOn(state);
    return state;
  }

  /** Notes the order in which the journal accepted runs. */
  private static final class Noting extends ForwardingJournal {
    private final List<RunId> accepted = Collections.synchronizedList(new ArrayList<>());

    Noting(Journal real) {
      super(real);
    }

    @Override
    public synchronized CompletableFuture<Start> start(NewRun run) {
      CompletableFuture<Start> start = super.start(run);
      accepted.add(run.id());
      return start;
    }
  }

  @Test
  void manyMessagesFromManyThreadsExecuteInTheOrderOfTheirAccept() {
    Map<String, Gate> gates = new ConcurrentHashMap<>();
    Map<String, List<String>> executed = new ConcurrentHashMap<>();
    Workflow<String, String> noting =
        Workflow.of("noting", String.class, String.class)
            .body((run, session) ->
                gates
                    .computeIfAbsent(session, fresh -> new Gate())
                    .within(() -> {
                      executed
                          .computeIfAbsent(
                              session, fresh -> Collections.synchronizedList(new ArrayList<>()))
                          .add(run.id().text());
                      return session;
                    }));
    var journals = new ArrayList<Noting>();
    stage.through(journal -> {
      journals.add(new Noting(journal));
      return journals.getLast();
    });
    Engine engine = stage.open(noting);

    var senders =
        IntStream.range(0, 8)
            .mapToObj(
                sender -> CompletableFuture.supplyAsync(() -> sendMany(engine, noting, sender)))
            .toList();
    senders.forEach(sender -> sender.join().forEach(stage::settled));

    var accepted = new HashMap<String, List<String>>();
    for (RunId id : journals.getLast().accepted) {
      String session = id.text().substring(id.text().length() - 1);
      accepted.computeIfAbsent(session, fresh -> new ArrayList<>()).add(id.text());
    }
    assertThat(executed).isEqualTo(accepted).hasSize(5);
    assertThat(gates.values()).allSatisfy(gate -> assertThat(gate.most()).isEqualTo(1));
  }

  private static List<Handle<String>> sendMany(
      Engine engine, Workflow<String, String> workflow, int sender) {
    return IntStream.range(0, 25)
        .mapToObj(i -> {
          String session = String.valueOf(i % 5);
          String id = "m-%d-%d-%s".formatted(sender, i, session);
          return engine.start(workflow, id, session, Admission.inSession(session));
        })
        .toList();
  }
}
