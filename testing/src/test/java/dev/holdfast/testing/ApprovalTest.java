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
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
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

  private static Entry.ApprovalAsked question(Engine engine) {
    List<Entry.ApprovalAsked> questions = engine.client().questions("r");
    assertThat(questions).hasSize(1);
    return questions.getFirst();
  }

  /** A run that has asked, and the engine that it asked in. */
  private record Asked(Engine engine, Handle<String> handle, Entry.ApprovalAsked question) {
    void answer(boolean granted, String who, String why) {
      engine.client().approve("r", question, granted, who, why);
    }

    void refuses(boolean granted, String who, String... told) {
      assertThatThrownBy(() -> answer(granted, who, "why"))
          .isInstanceOf(RunException.MessageNotAccepted.class)
          .hasMessageContainingAll(told);
    }
  }

  /** Begins a payment that shows that, up to its question. */
  private Asked asked(String shown, Approval.Terms terms) {
    Workflow<String, String> workflow = payment(shown, terms);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);
    return new Asked(engine, handle, question(engine));
  }

  private Asked asked() {
    return asked("100 EUR", Approval.by().within(DAY));
  }

  /** The same run in the next process, which cannot execute it yet. */
  private Asked crashed(Asked asked) {
    asked.engine().crash();
    Engine again = stage.open();
    return new Asked(again, again.find("r", String.class), asked.question());
  }

  private void assertEnd(Asked asked, String result) {
    assertThat(stage.settled(asked.handle())).isEqualTo(new Outcome.Completed<>(result));
  }

  @Test
  void nothingHappensBeforeSomebodySaysYes() {
    Asked asked = asked();
    assertThat(asked.handle().outcome())
        .isInstanceOfSatisfying(
            Outcome.Waiting.class, w -> assertThat(w.why()).isEqualTo(Outcome.Why.PERSON));
    assertThat(stage.journal().find(new RunId("r")).orElseThrow().status())
        .isEqualTo(Status.AWAITING_APPROVAL);
    assertThat(stage.world.calls("pay")).isZero();

    asked.answer(true, "ann", "checked");

    assertEnd(asked, "answer to pay ann");
  }

  @Test
  void aNoIsAnAnswer() {
    Asked asked = asked();

    asked.answer(false, "ann", "too much");

    assertEnd(asked, "denied by ann: too much");
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void silenceNeverGrants() {
    Asked asked = asked("100 EUR", Approval.by());

    stage.clock.advance(Duration.ofDays(7));

    assertEnd(asked, "expired");
    assertThat(stage.world.calls("pay")).isZero();
  }

  @Test
  void theFirstAnswerCountsAndALaterOneIsShownIt() {
    Asked again = crashed(asked());

    again.answer(false, "ann", "no");
    again.refuses(true, "bob", "ann");
    again.engine().register(payment("100 EUR", Approval.by().within(DAY)));

    assertEnd(again, "denied by ann: no");
  }

  @Test
  void onlyAnApproverMayAnswer() {
    Asked asked = asked("100 EUR", Approval.by("ann").within(DAY));

    asked.refuses(true, "mallory", "mallory", "ann");
    asked.answer(true, "ann", "yes");

    assertEnd(asked, "answer to pay ann");
  }

  /** A question to ann that nobody answered, so that the boss is asked. */
  private Asked escalated() {
    Asked asked = asked("100 EUR", Approval.by("ann").within(DAY).escalateTo(DAY, "boss"));
    stage.clock.advance(DAY);
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(question(asked.engine()).approvers()).containsExactly("boss"));
    return new Asked(asked.engine(), asked.handle(), question(asked.engine()));
  }

  @Test
  void othersAreAskedOnceTheTimeIsUpAndThenItExpires() {
    Asked escalated = escalated();
    escalated.refuses(true, "ann", "boss");

    stage.clock.advance(DAY);

    assertEnd(escalated, "expired");
    assertThat(stage.entries("r", Entry.ApprovalAsked.class)).hasSize(2);
  }

  @Test
  void theEscalatedQuestionCanBeAnswered() {
    Asked escalated = escalated();

    escalated.answer(true, "boss", "fine");

    assertEnd(escalated, "answer to pay boss");
  }

  @Test
  void anAnswerAfterItsTimeDoesNotCountThoughNobodyHadLookedYet() {
    Asked again = crashed(asked());
    stage.clock.advance(DAY.plusMillis(1));

    again.refuses(true, "ann", "over");
    again.engine().register(payment("100 EUR", Approval.by().within(DAY)));

    assertEnd(again, "expired");
  }

  @Test
  void aChangeOfWhatIsShownAsksAgainAndTheOldAnswerDoesNotCount() {
    Asked again = crashed(asked());
    again.answer(true, "ann", "100 is fine");
    again.engine().register(payment("900 EUR", Approval.by().within(DAY)));
    stage.parked(again.handle());
    assertThat(question(again.engine()).shown().text()).contains("900");
    assertThat(stage.world.calls("pay")).isZero();
    again.refuses(true, "ann", "look again");

    new Asked(again.engine(), again.handle(), question(again.engine()))
        .answer(true, "bob", "900 is fine too");
    assertEnd(again, "answer to pay bob");
  }

  @Test
  void anAnswerThatWasActedUponIsNotAskedForAgain() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw KnownFailure.tryLater("429", "", Optional.of(DAY));
        });
    Asked asked = asked();
    asked.answer(true, "ann", "yes");
    Awaitility.await()
        .until(() -> stage.world.calls("pay") == 1 && !stage.parked(asked.handle()).isEmpty());
    Asked again = crashed(asked);
    stage.clock.advance(DAY);

    again.engine().register(payment("900 EUR", Approval.by().within(DAY)));

    assertThat(stage.settled(again.handle()))
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
