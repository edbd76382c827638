package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Approvals: bound to what was shown, answered once, and silence never grants. */
class ApprovalTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  /** Pays only what was approved. */
  private Workflow<String, String> payment(String shown, Approval.Terms terms) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) ->
            switch (run.awaitApproval("pay", shown, terms)) {
              case Approval.Granted yes ->
                  run.effect("pay", "pay", stage.world.effect(Contract.KEYED)) + " " + yes.who();
              case Approval.Denied no -> "denied by " + no.who() + ": " + no.why();
              case Approval.Expired late -> "expired";
            });
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  private Entry.ApprovalAsked question(Engine engine) {
    List<Entry.ApprovalAsked> questions = engine.client().questions("r");
    assertThat(questions).hasSize(1);
    return questions.getFirst();
  }

  @Test
  void nothingHappensBeforeSomebodySaysYes() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    assertThat(handle.outcome())
        .isInstanceOfSatisfying(
            Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.PERSON));
    assertThat(stage.journal().find(new RunId("r")).orElseThrow().status())
        .isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(stage.world.calls("pay")).isZero();

    engine.client().approve("r", question(engine), true, "ann", "checked");

    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay ann"));
  }

  @Test
  void aNoIsAnAnswer() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().approve("r", question(engine), false, "ann", "too much");

    assertThat(stage.settled(handle)).isEqualTo(completed("denied by ann: too much"));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void silenceNeverGrants() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by());
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    stage.clock.advance(Duration.ofDays(7));

    assertThat(stage.settled(handle)).isEqualTo(completed("expired"));
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void theFirstAnswerCountsAndALaterOneIsShownIt() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    Entry.ApprovalAsked question = question(engine);
    engine.crash();

    Engine again = stage.open();
    again.client().approve("r", question, false, "ann", "no");
    assertThatThrownBy(() -> again.client().approve("r", question, true, "bob", "yes"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("ann");
    again.register(workflow);

    assertThat(stage.settled(again.find("r", String.class)))
        .isEqualTo(completed("denied by ann: no"));
  }

  @Test
  void onlyAnApproverMayAnswer() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by("ann").within(DAY));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    Entry.ApprovalAsked question = question(engine);

    assertThatThrownBy(() -> engine.client().approve("r", question, true, "mallory", "yes"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("mallory")
        .hasMessageContaining("ann");
    engine.client().approve("r", question, true, "ann", "yes");

    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay ann"));
  }

  @Test
  void othersAreAskedOnceTheTimeIsUpAndThenItExpires() {
    Approval.Terms terms = Approval.by("ann").within(DAY).escalateTo(DAY, "boss");
    Workflow<String, String> workflow = payment("100 EUR", terms);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    stage.clock.advance(DAY);
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(question(engine).approvers()).containsExactly("boss"));
    Entry.ApprovalAsked escalated = question(engine);
    assertThatThrownBy(() -> engine.client().approve("r", escalated, true, "ann", "late"))
        .isInstanceOf(RunException.MessageNotAccepted.class);
    stage.clock.advance(DAY);

    assertThat(stage.settled(handle)).isEqualTo(completed("expired"));
    assertThat(stage.entries("r", Entry.ApprovalAsked.class)).hasSize(2);
  }

  @Test
  void theEscalatedQuestionCanBeAnswered() {
    Approval.Terms terms = Approval.by("ann").within(DAY).escalateTo(DAY, "boss");
    Workflow<String, String> workflow = payment("100 EUR", terms);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    stage.clock.advance(DAY);
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(question(engine).approvers()).containsExactly("boss"));

    engine.client().approve("r", question(engine), true, "boss", "fine");

    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay boss"));
  }

  @Test
  void anAnswerAfterItsTimeDoesNotCountThoughNobodyHadLookedYet() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    Entry.ApprovalAsked question = question(engine);
    engine.crash();
    stage.clock.advance(DAY.plusMillis(1));
    Engine again = stage.open();

    assertThatThrownBy(() -> again.client().approve("r", question, true, "ann", "late"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("over");
    again.register(workflow);

    assertThat(stage.settled(again.find("r", String.class))).isEqualTo(completed("expired"));
  }

  @Test
  void aChangeOfWhatIsShownAsksAgainAndTheOldAnswerDoesNotCount() {
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    Entry.ApprovalAsked old = question(engine);
    engine.crash();

    Workflow<String, String> changed = payment("900 EUR", Approval.by().within(DAY));
    Engine again = stage.open();
    again.client().approve("r", old, true, "ann", "100 is fine");
    again.register(changed);
    Handle<String> handle = again.find("r", String.class);
    stage.parked(handle);
    assertThat(question(again).shown().text()).contains("900");
    assertThat(stage.world.calls("pay")).isZero();
    assertThatThrownBy(() -> again.client().approve("r", old, true, "ann", "again"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContaining("look again");

    again.client().approve("r", question(again), true, "bob", "900 is fine too");
    assertThat(stage.settled(handle)).isEqualTo(completed("answer to pay bob"));
  }

  @Test
  void anAnswerThatWasActedUponIsNotAskedForAgain() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw dev.holdfast.kernel.KnownFailure.tryLater("429", "", java.util.Optional.of(DAY));
        });
    Workflow<String, String> workflow = payment("100 EUR", Approval.by().within(DAY));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    engine.client().approve("r", question(engine), true, "ann", "yes");
    org.awaitility.Awaitility.await()
        .until(() -> stage.world.calls("pay") == 1 && !stage.parked(handle).isEmpty());
    engine.crash();
    stage.clock.advance(DAY);

    Engine again = stage.open(payment("900 EUR", Approval.by().within(DAY)));

    assertThat(stage.settled(again.find("r", String.class)))
        .isInstanceOfSatisfying(
            Outcome.Quarantined.class,
            halt -> assertThat(halt.reason()).contains("approval:pay#0"));
  }

  @Test
  void timeAndPeopleHaveBounds() {
    assertThatThrownBy(() -> Approval.by().within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Approval.by().escalateTo(Duration.ofDays(400), "boss"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
