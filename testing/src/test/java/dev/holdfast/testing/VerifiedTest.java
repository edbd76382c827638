package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes: when they are asked, when their "no" may be believed, and what they cannot tell. */
class VerifiedTest {
  private static final Duration SETTLED = Duration.ofMinutes(10);
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aNoIsBelievedOnlySomeTimeAfterTheTakeover() {
    Workflow<String, String> workflow = mailing(verified());
    crashAt(Boundary.AFTER_INTENT, workflow);
    stage.clock.advance(Duration.ofMinutes(3));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.find("r", String.class);

    assertThat(stage.parked(handle))
        .containsExactly(
            new Wait.Probe(
                new StepPath("effect:mail#0"), Stage.START.plusSeconds(180).plus(SETTLED)));
    assertThat(stage.world.calls("mail")).isZero();
    stage.clock.advance(SETTLED.minusMillis(1));
    assertThat(handle.await(Duration.ofMillis(120))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("mail")).isZero();
    stage.clock.advance(Duration.ofMillis(1));

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.happened("mail")).isEqualTo(1);
  }

  @Test
  void aSecondCrashDoesNotPutTheDateOff() {
    Workflow<String, String> workflow = mailing(verified());
    crashAt(Boundary.AFTER_INTENT, workflow);
    Engine second = stage.open(workflow);
    stage.parked(second.find("r", String.class));
    second.crash();
    stage.clock.advance(SETTLED);
    Engine third = stage.open(workflow);

    assertThat(stage.settled(third.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to mail"));
  }

  @Test
  void aYesIsBelievedAtOnce() {
    Workflow<String, String> workflow = mailing(verified());
    crashAt(Boundary.AFTER_CALL, workflow);
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.calls("mail")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.EffectSucceeded.class))
        .extracting(Entry.EffectSucceeded::origin)
        .containsExactly(Entry.Origin.RECONCILED);
  }

  @Test
  void aLiveAttemptWithoutAnAnswerIsProbedBeforeItIsRepeated() {
    stage.world.failAfter("mail", VerifiedTest::lost);
    Workflow<String, String> workflow = mailing(verified());
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.happened("mail")).isEqualTo(1);
    assertThat(stage.world.calls("probe-mail")).isEqualTo(1);
  }

  @Test
  void aLiveAttemptThatDidNotHappenIsRepeatedOnceThatIsSure() {
    stage.world.failBefore("mail", VerifiedTest::lost);
    Workflow<String, String> workflow = mailing(verified());
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(Stage.due(stage.parked(handle).getFirst())).contains(Stage.START.plus(SETTLED));
    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.happened("mail")).isEqualTo(1);
    assertThat(stage.world.calls("mail")).isEqualTo(2);
  }

  @Test
  void anAttemptThatACrashCutShortUsesNoAttemptUp() {
    Workflow<String, String> workflow = mailing(verified().retry(RetryPolicy.NEVER));
    crashAt(Boundary.AFTER_INTENT, workflow);
    Engine engine = stage.open(workflow);

    assertThat(stage.driven(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to mail"));
  }

  @Test
  void attemptsThatAllFailedAndLeftNoTraceAreGivenUp() {
    for (int i = 0; i < 3; i++) {
      stage.world.failBefore("mail", VerifiedTest::lost);
    }
    Workflow<String, String> workflow = mailing(verified().retry(RetryPolicy.DEFAULT.attempts(3)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    Outcome<String> outcome = stage.driven(handle);
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    assertThat(((Outcome.Quarantined<String>) outcome).reason()).contains("NotSent", "no trace");
    assertThat(stage.world.calls("mail")).isEqualTo(3);
    engine.client().resume("r", "ann", "the server is back");
    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.happened("mail")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aProbeThatFailsIsAskedAgain(int failures) {
    stage.world.failAfter("mail", VerifiedTest::lost);
    for (int i = 0; i < failures; i++) {
      stage.world.failBefore("probe-mail", VerifiedTest::lost);
    }
    Workflow<String, String> workflow = mailing(verified());
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
    assertThat(stage.world.calls("probe-mail")).isEqualTo(failures + 1);
  }

  @Test
  void aProbeThatKeepsFailingLeavesADoubtWithItsReason() {
    stage.world.failAfter("mail", VerifiedTest::lost);
    for (int i = 0; i < 3; i++) {
      stage.world.failBefore(
          "probe-mail",
          () -> {
            throw new IllegalStateException("mailbox locked, password=hunter2");
          });
    }
    Workflow<String, String> workflow = mailing(verified());
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(reason(stage.settled(handle)))
        .contains("probe", "mailbox locked")
        .doesNotContain("hunter2");
    engine
        .client()
        .settle("r", new StepPath("effect:mail#0"), new Verdict.DidNotHappen(), "ann", "looked");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to mail"));
  }

  @Test
  void aProbeThatAnswersNothingOrTooLateLeavesADoubt() {
    Effect<String, String> silent =
        Effect.verified(String.class, VerifiedTest::loses, (key, fact) -> nothing());
    Effect<String, String> slow =
        Effect.<String, String>verified(
                String.class,
                VerifiedTest::loses,
                (key, fact) -> {
                  Thread.sleep(5_000);
                  return new Effect.Answer.DidNotHappen<>();
                })
            .timeout(Duration.ofMillis(20));
    Effect<String, String> unsure =
        Effect.verified(
            String.class,
            VerifiedTest::loses,
            (key, fact) -> new Effect.Answer.Unclear<>("two mails match, token=t0psecret"));
    Engine engine = stage.open(mailing(silent));

    assertThat(reason(stage.settled(engine.start(registered(engine, silent, "a"), "a", "in"))))
        .contains("null");
    assertThat(reason(stage.settled(engine.start(registered(engine, slow, "b"), "b", "in"))))
        .contains("in time");
    assertThat(reason(stage.settled(engine.start(registered(engine, unsure, "c"), "c", "in"))))
        .contains("two mails match")
        .doesNotContain("t0psecret");
  }

  private static Workflow<String, String> registered(
      Engine engine, Effect<String, String> effect, String name) {
    Workflow<String, String> workflow =
        Workflow.of(name, String.class, String.class)
            .body((run, input) -> run.effect("mail", "mail", effect));
    engine.register(workflow);
    return workflow;
  }

  private static String loses(Object key, String fact) {
    throw KnownFailure.unknown("reset", "lost");
  }

  @SuppressWarnings("NullAway") // what careless user code returns
  private static Effect.Answer<String> nothing() {
    return null;
  }

  private void crashAt(Boundary boundary, Workflow<String, String> workflow) {
    var strike = Strike.at(boundary, "mail");
    Engine engine = stage.open(strike, workflow);
    engine.start(workflow, "r", "in");
    strike.crash(engine);
  }

  private Effect<String, String> verified() {
    return stage.world.effect(Contract.VERIFIED).settleAfter(SETTLED);
  }

  private static Workflow<String, String> mailing(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("mail", "mail", effect));
  }

  private static String reason(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    return ((Outcome.InDoubt<String>) outcome).effects().getFirst().reason();
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "lost");
  }
}
