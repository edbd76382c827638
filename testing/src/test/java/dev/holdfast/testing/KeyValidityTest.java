package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A target that forgets a key after an hour must not be sent it later as if it were new. */
class KeyValidityTest {
  private static final StepPath PAY = new StepPath("effect:pay#0");
  private static final Duration HOUR = Duration.ofHours(1);
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void withinItsTimeTheKeyIsSentAgainAfterACrash() {
    Workflow<String, String> workflow = paying(keyed());
    crashAfterTheCall(workflow);
    stage.clock.advance(HOUR.minusMinutes(1));

    assertThat(stage.settled(stage.open(workflow).find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void anAttemptThatCouldReachTheTargetTooLateIsNotMade() {
    Workflow<String, String> workflow = paying(keyed());
    crashAfterTheCall(workflow);
    stage.clock.advance(HOUR.minusSeconds(29));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.find("r", String.class);

    assertDoubted(stage.settled(handle));
    var paid = new Verdict.Happened(engine.client().encode("paid"));
    engine.client().settle("r", PAY, paid, "ann", "saw it");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("paid"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void theTimeBeginsAnewWhereThePaymentDidNotHappen() {
    Workflow<String, String> workflow = paying(keyed());
    crashBeforeTheCall(workflow);
    stage.clock.advance(HOUR);
    stage.world.failAfter("pay", KeyValidityTest::lost);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.find("r", String.class);
    assertDoubted(stage.settled(handle));

    engine.client().settle("r", PAY, new Verdict.DidNotHappen(), "ann", "asked the bank");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void aLaterRefusalToServeDoesNotHideAnAttemptThatMayHaveHappened() {
    stage.world.failBefore("pay", () -> {}).failBefore("pay", () -> later(HOUR.multipliedBy(2)));
    stage.world.failAfter("pay", KeyValidityTest::lost);
    Workflow<String, String> workflow = paying(keyed());
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    stage.parked(handle);
    stage.clock.advance(HOUR.multipliedBy(2));

    assertDoubted(stage.settled(handle));
    assertThat(stage.world.calls("pay")).isEqualTo(2);
  }

  @Test
  void theTimeBeginsWithTheFirstSendThatMayHaveReachedTheTarget() {
    stage.world.failBefore("pay", () -> later(HOUR.multipliedBy(2)));
    stage.world.failAfter("pay", KeyValidityTest::lost);
    Workflow<String, String> workflow = paying(keyed());
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(3);
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void aResumeDoesNotProlongIt() {
    stage.world.failAfter("pay", KeyValidityTest::lost);
    stage.world.failBefore("pay", () -> {}).failBefore("pay", KeyValidityTest::notSent);
    Workflow<String, String> workflow = paying(keyed().retry(RetryPolicy.NEVER));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    engine.client().resume("r", "ann", "try again");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Quarantined.class);
    stage.clock.advance(HOUR);

    engine.client().resume("r", "ann", "try again");

    assertDoubted(stage.settled(handle));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  private static void assertDoubted(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    assertThat(((Outcome.InDoubt<String>) outcome).effects().getFirst().reason())
        .contains("remembers the key until 2024-05-01T13:00:00Z");
  }

  private void crashAfterTheCall(Workflow<String, String> workflow) {
    crash(Strike.at(Boundary.AFTER_CALL, "pay"), workflow);
  }

  private void crashBeforeTheCall(Workflow<String, String> workflow) {
    crash(Strike.at(Boundary.BEFORE_CALL, "pay"), workflow);
  }

  private void crash(Strike strike, Workflow<String, String> workflow) {
    Engine engine = stage.open(strike, workflow);
    engine.start(workflow, "r", "in");
    strike.crash(engine);
  }

  private Effect<String, String> keyed() {
    return stage.world.effect(Contract.KEYED).validFor(HOUR);
  }

  private static Workflow<String, String> paying(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("pay", "pay", effect));
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "lost");
  }

  private static void notSent() {
    throw KnownFailure.notSent("connect", "refused");
  }

  private static void later(Duration duration) {
    throw KnownFailure.tryLater("429", "busy", Optional.of(duration));
  }
}
