package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client.Fork;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a rollback does about forks, children and facts that other runs know of. */
class RollbackOthersTest extends Trips {
  @Test
  void aGlobalFactThatWasUndoneMayHappenAgainUnderAnotherKey() {
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              String paid =
                  run.effect(
                      "pay",
                      "pay",
                      booked(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, "payment", "17"));
              return in.equals("fails") ? fail(run) : paid;
            });
    Engine engine = stage.open(workflow);
    seatsAreSoldOut();
    assertThat(stage.settled(engine.start(workflow, "first", "fails")))
        .isInstanceOf(Outcome.Compensated.class);

    assertThat(stage.settled(engine.start(workflow, "second", "works")))
        .isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(2);
    assertThat(stage.world.keys("pay").stream().distinct()).hasSize(2);
    assertThat(stage.settled(engine.start(workflow, "third", "works")))
        .isInstanceOf(Outcome.Completed.class);
    assertThat(stage.world.happened("pay")).isEqualTo(2);
  }

  @Test
  void whatAnotherRunDidIsNotUndone() {
    Function<Run, String> pay =
        run ->
            run.effect(
                "pay", "pay", booked(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, "payment", "17"));
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              String paid = pay.apply(run);
              return in.equals("fails") ? fail(run) : paid;
            });
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "first", "works"));
    seatsAreSoldOut();

    Outcome.Compensated<?> end =
        compensated(stage.settled(engine.start(workflow, "second", "fails")));
    assertThat(end.undone()).isEqualTo(List.of());
    assertThat(undone).isEmpty();
  }

  @Test
  void whatAForkCopiedOrAdoptedBelongsToItsSource() {
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              run.effect("flight", "flight", booked(Contract.KEYED));
              run.effect("taxi", "taxi", booked(Contract.KEYED));
              return "";
            });
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    Workflow<String, String> failing =
        trip()
            .version("2")
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              run.effect("flight", "flight", booked(Contract.KEYED));
              run.effect("taxi", "taxi", booked(Contract.KEYED));
              return fail(run);
            });
    engine.register(failing);
    seatsAreSoldOut();

    engine
        .client()
        .fork(
            "r",
            "f",
            Fork.at(FLIGHT)
                .choose(FLIGHT, Fork.Choice.ADOPT)
                .choose(step("taxi"), Fork.Choice.ACCEPT)
                .live(Contract.KEYED)
                .version("2"));

    Outcome.Compensated<?> end = compensated(stage.settled(engine.find("f", String.class)));
    assertThat(end.undone()).isEqualTo(List.of(step("taxi")));
    assertThat(undone).containsExactly("taxi answer to taxi");
  }

  @Test
  void aForkMayDoAnewWhatItsSourceUndid() {
    seatsAreSoldOut();
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    assertThat(engine.client().sentAfter("r", HOTEL)).allMatch(Fork.Sent::isUndone).hasSize(2);

    engine
        .client()
        .fork(
            "r",
            "f",
            Fork.at(HOTEL)
                .choose(HOTEL, Fork.Choice.COMPENSATE)
                .choose(FLIGHT, Fork.Choice.COMPENSATE)
                .live(Contract.KEYED));

    assertThat(stage.settled(engine.find("f", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to hotelanswer to flightanswer to seat"));
    assertThat(stage.world.happened("hotel")).isEqualTo(2);
  }

  @Test
  void aChildThatCompletedIsOneUnitOfItsParent() {
    Workflow<String, String> leg =
        Workflow.of("leg", String.class, String.class)
            .undo("cancel", String.class, String.class, this::cancel)
            .body((run, in) ->
                run.effect(in, in, booked(Contract.KEYED))
                    + run.effect(in + "-meal", in + "-meal", booked(Contract.KEYED)));
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              run.child("out", leg, "out");
              run.effect("taxi", "taxi", booked(Contract.KEYED));
              run.child("back", leg, "back");
              return fail(run);
            });
    seatsAreSoldOut();
    Engine engine = stage.open(workflow, leg);

    Outcome.Compensated<?> end = compensated(stage.driven(engine.start(workflow, "r", "in")));

    assertThat(undone)
        .containsExactly(
            "back-meal answer to back-meal",
            "back answer to back",
            "taxi answer to taxi",
            "out-meal answer to out-meal",
            "out answer to out",
            "hotel answer to hotel");
    assertThat(end.undone()).hasSize(4);
  }

  @Test
  void aChildThatIsStillAtItIsEndedFirst() {
    Workflow<String, String> leg =
        Workflow.of("leg", String.class, String.class)
            .body((run, in) ->
                run.awaitSignal("go", String.class, Duration.ofDays(1)).orElse("nobody"));
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              return run.child("out", leg, "out");
            });
    Engine engine = stage.open(workflow, leg);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Awaitility.await()
        .atMost(Stage.PATIENCE)
        .until(() -> stage.entries("r", Entry.RunParked.class).size() == 1);

    engine.client().rollBack("r", "ann", "enough");

    Outcome.Compensated<?> end = compensated(stage.settled(handle));
    assertThat(end.undone()).hasSize(1);
    assertThat(end.left()).hasSize(1);
    assertThat(undone).containsExactly("hotel answer to hotel");
  }

  @Test
  void aForkUndoesWhatItDidItselfThoughItIsClosedToOtherEffects() {
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    var fork =
        Fork.at(HOTEL)
            .choose(HOTEL, Fork.Choice.ACCEPT)
            .choose(FLIGHT, Fork.Choice.ADOPT)
            .choose(step("seat"), Fork.Choice.ACCEPT);
    engine.client().fork("r", "f", fork);
    stage.settled(engine.find("f", String.class));
    engine.client().rollBack("f", "ann", "no");
    becomes(() -> engine.find("f", String.class).outcome(), Outcome.Compensated.class);
    assertThat(undone).containsExactly("seat answer to seat", "hotel answer to hotel");
  }

  @Test
  void whatWasUndoneIsNotCarriedIntoAFork() {
    seatsAreSoldOut();
    Workflow<String, String> workflow = booking(Contract.KEYED);
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));

    assertThatThrownBy(() ->
            engine.client().fork("r", "f", Fork.at(FLIGHT).choose(FLIGHT, Fork.Choice.COMPENSATE)))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("[effect:hotel#0] happened and was undone since");
  }

  @Test
  void aGlobalFactThatWasUndoneUnseenIsFree() {
    loseTheAnswerOf("pay");
    Workflow<String, String> workflow =
        Workflow.of("trip", String.class, String.class)
            .undo("cancel", String.class, String.class, this::cancel)
            .body((run, in) ->
                run.effect(
                    "pay",
                    "pay",
                    booked(Contract.ONCE)
                        .oncePer(Intent.Scope.GLOBAL, "payment", "17")
                        .onDoubt(DoubtPolicy.COMPENSATE)));
    assertThat(played(workflow)).isInstanceOf(Outcome.Compensated.class);
    assertThat(stage.journal().fact("payment[\"17\"]").orElseThrow().state().name())
        .isEqualTo("FREE");
  }

  @Test
  void whatWasUndoneIsNotAdopted() {
    seatsAreSoldOut();
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.effect("hotel", "hotel", booked(Contract.KEYED));
              run.effect("pay", "pay", payment());
              return fail(run);
            });
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));
    Fork adopting = Fork.at(HOTEL).choose(HOTEL, Fork.Choice.ADOPT);
    assertThatThrownBy(() -> engine.client().fork("r", "f", adopting))
        .isInstanceOf(RunException.ForkRefused.class)
        .hasMessageContaining("effect:hotel#0 was undone in it, so its outcome stands no more");

    engine.client().fork("r", "f", Fork.at(HOTEL).choose(HOTEL, Fork.Choice.COMPENSATE));
    assertThat(stage.settled(engine.find("f", String.class)))
        .as("the payment was undone too, and nobody accepted another")
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("The fork stops before effect:pay#0"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  private Effect<String, String> payment() {
    return booked(Contract.KEYED).oncePer(Intent.Scope.GLOBAL, "payment", "17");
  }

  @Test
  void aChildThatAPersonHasUndoneBeforeIsNotWaitedFor() {
    Workflow<String, String> leg =
        Workflow.of("leg", String.class, String.class)
            .undo("cancel", String.class, String.class, this::cancel)
            .body((run, in) -> run.effect(in, in, booked(Contract.KEYED)));
    Workflow<String, String> workflow = trip().body((run, in) -> run.child("out", leg, "out"));
    Engine engine = stage.open(workflow, leg);
    assertThat(stage.settled(engine.start(workflow, "r", "in")))
        .isInstanceOf(Outcome.Completed.class);
    engine.client().rollBack("r/child:out#0", "ann", "no such train");
    becomes(() -> engine.find("r/child:out#0", String.class).outcome(), Outcome.Compensated.class);

    engine.client().rollBack("r", "ann", "then not at all");

    becomes(() -> engine.find("r", String.class).outcome(), Outcome.Compensated.class);
    assertThat(undone).containsExactly("out answer to out");
  }

  @Test
  void aChildThatEndedUnheardIsNotWaitedFor() {
    Workflow<String, String> leg =
        Workflow.of("leg", String.class, String.class).body((run, in) -> "done");
    Workflow<String, String> workflow =
        trip()
            .body((run, in) ->
                run.race(
                    "first",
                    List.of(
                        new Run.Branch<>("leg", b -> b.child("out", leg, "out")),
                        new Run.Branch<>("call", RollbackOthersTest::called))));
    Engine alone = stage.open(workflow);
    Handle<String> handle = alone.start(workflow, "r", "in");
    String child = "r/race:first#0/branch:leg/child:out#0";
    Awaitility.await()
        .atMost(Stage.PATIENCE)
        .until(() -> stage.journal().find(new RunId(child)).isPresent());
    alone.client().signal("r", "go", "1", "", "ann");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("called"));
    Engine engine = stage.open(workflow, leg);
    becomes(() -> engine.find(child, String.class).outcome(), Outcome.Cancelled.class);

    engine.client().rollBack("r", "ann", "enough");

    becomes(() -> engine.find("r", String.class).outcome(), Outcome.Compensated.class);
  }

  /** A journal in which the letter of a child that undid itself comes after its end was seen. */
  private static Journal lateLetter(Journal journal) {
    var isSeen = new AtomicBoolean();
    return new ForwardingJournal(journal) {
      @Override
      public Optional<Recorded> last(RunId run) {
        Optional<Recorded> last = super.last(run);
        last.map(Recorded::entry)
            .filter(Entry.RunCompensated.class::isInstance)
            .ifPresent(end -> isSeen.set(true));
        return last;
      }

      @Override
      public List<Message.Mail> mail(RunId run) {
        return super.mail(run).stream().filter(mail -> isSeen.get() || !isUndone(mail)).toList();
      }
    };
  }

  private static boolean isUndone(Message.Mail mail) {
    return mail.message() instanceof Message.ChildEnded ended
        && ended.end() instanceof Entry.RunCompensated;
  }

  @Test
  void aLetterThatComesWhileTheEndOfAChildIsLookedAtIsRead() {
    Workflow<String, String> leg =
        Workflow.of("leg", String.class, String.class)
            .undo("cancel", String.class, String.class, this::cancel)
            .body((run, in) -> run.effect(in, in, booked(Contract.KEYED)));
    Workflow<String, String> workflow =
        trip()
            .body((run, in) -> {
              run.child("out", leg, "out");
              return fail(run);
            });
    seatsAreSoldOut();
    stage.through(RollbackOthersTest::lateLetter);
    Engine engine = stage.open(workflow, leg);

    compensated(stage.settled(engine.start(workflow, "r", "in")));

    assertThat(undone).containsExactly("out answer to out");
    assertThat(stage.journal().mail(new RunId("r"))).isEmpty();
  }

  private static String called(Run run) {
    run.awaitSignal("go", String.class, Duration.ofDays(1));
    return "called";
  }
}
