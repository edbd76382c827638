package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions in scopes and branches, several at once, and of runs that are over. */
class ApprovalPlacesTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  private static String ask(Run run, String name, String shown) {
    return run.awaitApproval(name, shown, DAY).granted() ? name : "no " + name;
  }

  private static Run.Branch<String> branch(String label, String shown) {
    return new Run.Branch<>(label, run -> ask(run, "pay", shown));
  }

  private Workflow<String, String> twoBranches(String shownRight) {
    return workflow(run ->
        String.join(
            "|", run.parallel("two", List.of(branch("l", "left"), branch("r", shownRight)))));
  }

  private Entry.ApprovalAsked question(Engine engine, String branch) {
    return engine.client().questions("r").stream()
        .filter(asked -> asked.path().text().contains("branch:" + branch))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoQuestionsAreAnsweredEachByItsOwnAnswerAlsoInTheNextProcess() {
    Workflow<String, String> workflow = twoBranches("right");
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    assertThat(engine.client().questions("r")).hasSize(2);

    engine.client().approve("r", question(engine, "r"), false, "ann", "no");
    Awaitility.await().until(() -> engine.client().questions("r").size() == 1);
    engine.crash();
    Engine again = stage.open(workflow);
    again.client().approve("r", question(again, "l"), true, "bob", "yes");

    assertThat(stage.settled(again.find("r", String.class))).isEqualTo(completed("pay|no pay"));
    assertThat(stage.entries("r", Entry.ApprovalAsked.class)).hasSize(2);
  }

  @Test
  void theAnswerToOneBranchIsNoneToTheOtherThoughBothShowTheSame() {
    Workflow<String, String> workflow = twoBranches("left");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().approve("r", question(engine, "l"), true, "ann", "yes");
    Awaitility.await().until(() -> engine.client().questions("r").size() == 1);
    stage.clock.advance(DAY.plusSeconds(1));

    assertThat(stage.settled(handle)).isEqualTo(completed("pay|no pay"));
  }

  /** Asks within a scope of its own and acts outside of it. */
  private Workflow<String, String> actsOutside(String shown) {
    return workflow(run -> {
      String answer = run.scope("people", inner -> ask(inner, "pay", shown));
      return answer + " " + run.effect("pay", "pay", stage.world.effect(Contract.KEYED));
    });
  }

  @Test
  void anAnswerInAScopeThatWasActedUponOutsideIsNotAskedForAgain() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.tryLater("429", "", Optional.of(DAY));
        });
    Workflow<String, String> workflow = actsOutside("100 EUR");
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.client().approve("r", engine.client().questions("r").getFirst(), true, "ann", "yes");
    Awaitility.await()
        .until(() -> stage.world.calls("pay") == 1 && !stage.parked(handle).isEmpty());
    engine.crash();
    stage.clock.advance(DAY);

    Engine again = stage.open(actsOutside("900 EUR"));

    assertThat(again.find("r", String.class).await(Stage.PATIENCE.dividedBy(4)))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("approval:pay#0"));
  }

  @Test
  void anAnswerInAScopeThatNothingFollowedIsAskedForAgain() {
    Workflow<String, String> workflow = actsOutside("100 EUR");
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    engine.crash();
    Engine between = stage.open();
    between.client().approve("r", between.client().questions("r").getFirst(), true, "ann", "ok");
    between.crash();

    Engine again = stage.open(actsOutside("900 EUR"));
    Handle<String> handle = again.find("r", String.class);
    stage.parked(handle);
    assertThat(stage.world.calls("pay")).isZero();
    assertThat(again.client().questions("r").getFirst().shown().text()).contains("900");
  }

  @Test
  void aRunThatIsOverAsksNobody() {
    Workflow<String, String> workflow = workflow(run -> ask(run, "pay", "100 EUR"));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    Entry.ApprovalAsked question = engine.client().questions("r").getFirst();

    engine.client().cancel("r", "ann", "never mind");
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Cancelled<String>);

    assertThat(engine.client().questions("r")).isEmpty();
    assertThatThrownBy(() -> engine.client().approve("r", question, true, "ann", "yes"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("ended");
  }

  private static Workflow<String, String> withTerms(Approval.Terms terms) {
    return workflow(run -> run.awaitApproval("pay", "100 EUR", terms).toString());
  }

  @Test
  void anEscalationThatWasTakenOutMeanwhileExpiresInstead() {
    Workflow<String, String> before =
        withTerms(Approval.by("ann").within(DAY).escalateTo(DAY, "boss"));
    Engine engine = stage.open(before);
    stage.parked(engine.start(before, "r", "in"));
    engine.crash();
    stage.clock.advance(DAY);

    Engine again = stage.open(withTerms(Approval.by("ann").within(DAY)));

    assertThat(stage.settled(again.find("r", String.class))).isEqualTo(completed("Expired[]"));
  }

  @Test
  void theEscalationHappensOnceThoughTheProcessEndsInBetween() {
    Workflow<String, String> workflow =
        withTerms(Approval.by("ann").within(DAY).escalateTo(DAY, "boss"));
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    engine.crash();
    stage.clock.advance(DAY);
    Engine second = stage.open(workflow);
    Awaitility.await()
        .until(() -> second.client().questions("r").getFirst().approvers().contains("boss"));
    second.crash();
    stage.clock.advance(DAY);

    Engine third = stage.open(workflow);

    assertThat(stage.settled(third.find("r", String.class))).isEqualTo(completed("Expired[]"));
    assertThat(stage.entries("r", Entry.ApprovalAsked.class)).hasSize(2);
  }

  @Test
  void approversOfChangedCodeCountFromTheNextQuestionOn() {
    Workflow<String, String> before = withTerms(Approval.by("ann").within(DAY));
    Engine engine = stage.open(before);
    stage.parked(engine.start(before, "r", "in"));
    engine.crash();
    Engine again = stage.open(withTerms(Approval.by("bob").within(DAY)));
    Handle<String> handle = again.find("r", String.class);
    Entry.ApprovalAsked question = again.client().questions("r").getFirst();

    assertThatThrownBy(() -> again.client().approve("r", question, true, "bob", "yes"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
    again.client().approve("r", question, true, "ann", "yes");

    assertThat(stage.settled(handle)).isEqualTo(completed("Granted[who=ann, why=yes]"));
  }
}
