package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Wait;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts that fail, the delays between them, and where they end. */
class RetryTest {
  private static final RetryPolicy THREE =
      new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(10), 0);
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void whatWasNotSentIsSentAgainUnderTheSameKey(Contract contract) {
    stage.world.failBefore("pay", RetryTest::notSent).failBefore("pay", RetryTest::notSent);
    Workflow<String, String> workflow = paying(stage.world.effect(contract).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(3);
    assertThat(stage.world.happened("pay")).isEqualTo(contract == Contract.READ ? 0 : 1);
    assertThat(stage.world.keys("pay").stream().distinct().count()).isLessThanOrEqualTo(1);
    assertThat(stage.entries("r", Entry.AttemptFailed.class))
        .extracting(Entry.AttemptFailed::attempt)
        .containsExactly(1, 2);
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void aRefusalIsFinal(Contract contract) {
    stage.world.failBefore("pay", () -> refuse("no funds"));
    Workflow<String, String> workflow = paying(stage.world.effect(contract).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    Outcome<String> outcome = stage.settled(handle);

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed<String>) outcome).failure())
        .contains(new Failure.Rejected("402", "no funds"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aCaughtRefusalIsReplayedAsTheSameException() {
    var seen = new ArrayList<String>();
    stage.world.failBefore("pay", () -> refuse("no funds"));
    stage.world.failBefore("far", () -> later(Duration.ofHours(1)));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                run.effect("pay", "pay", stage.world.effect(Contract.ONCE));
              } catch (EffectFailed failed) {
                seen.add(failed.getMessage());
              }
              return run.effect("far", "far", stage.world.effect(Contract.KEYED));
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(seen).hasSize(2).allMatch(seen.getFirst()::equals);
    assertThat(seen.getFirst()).contains("effect:pay#0", "Rejected", "402", "no funds");
  }

  @Test
  void delaysDoubleUpToTheCapAndAreRecorded() {
    var policy = new RetryPolicy(6, Duration.ofMillis(200), Duration.ofSeconds(1), 0);
    for (int i = 0; i < 5; i++) {
      stage.world.failBefore("pay", RetryTest::notSent);
    }
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED).retry(policy));
    stage.settled(stage.open(workflow).start(workflow, "r", "in"));

    assertThat(delays()).containsExactly(200L, 400L, 800L, 1_000L, 1_000L);
  }

  @Test
  void delaysStartAnewAfterAResume() {
    for (int i = 0; i < 5; i++) {
      stage.world.failBefore("pay", RetryTest::notSent);
    }
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED).retry(THREE));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(quarantine(stage.settled(handle)))
        .contains("effect:pay#0", "3 attempts", "NotSent", "at dev.holdfast.testing.RetryTest");
    engine.client().resume("r", "ann", "the network is back");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.calls("pay")).isEqualTo(6);
    assertThat(delays()).containsExactly(100L, 200L, 100L, 200L);
  }

  private List<Long> delays() {
    return stage.history("r").stream()
        .filter(recorded -> recorded.entry() instanceof Entry.AttemptFailed)
        .map(recorded ->
            Duration.between(recorded.at(), ((Entry.AttemptFailed) recorded.entry()).retryAt())
                .toMillis())
        .toList();
  }

  @Test
  void whatATargetAsksForIsWaitedOutEvenPastTheCap() {
    stage.world.failBefore("pay", () -> later(Duration.ofHours(3)));
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.ONCE).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    Instant due = Stage.due(stage.parked(handle).getFirst()).orElseThrow();
    assertThat(due).isEqualTo(Stage.START.plus(Duration.ofHours(3)));
    stage.clock.advance(Duration.ofHours(3).minusMillis(1));
    assertThat(handle.await(Duration.ofMillis(150))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    stage.clock.advance(Duration.ofMillis(1));
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void anAbsurdDelayIsCutToAYear() {
    stage.world.failBefore("pay", () -> later(Duration.ofSeconds(Long.MAX_VALUE)));
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(Stage.due(stage.parked(handle).getFirst()))
        .contains(Stage.START.plus(Duration.ofDays(365)));
  }

  @Test
  void aClockThatJumpsBackDelaysTheRetryOnly() {
    stage.world.failBefore("pay", () -> later(Duration.ofHours(1)));
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.ONCE).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");
    stage.parked(handle);

    stage.clock.advance(Duration.ofHours(-5));
    assertThat(handle.await(Duration.ofMillis(150))).isInstanceOf(Outcome.Waiting.class);
    stage.clock.advance(Duration.ofHours(6));
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.world.calls("pay")).isEqualTo(2);
  }

  @Test
  void aTimeoutInterruptsTheCallAndMayHaveHappened() {
    var interrupted = new CountDownLatch(1);
    stage.world.failBefore(
        "pay",
        () -> {
          try {
            Thread.sleep(10_000);
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });
    Workflow<String, String> workflow =
        paying(stage.world.effect(Contract.KEYED).retry(THREE).timeout(Duration.ofMillis(300)));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    Awaitility.await().until(() -> interrupted.getCount() == 0);
    assertThat(stage.entries("r", Entry.AttemptFailed.class))
        .extracting(Entry.AttemptFailed::failure)
        .allSatisfy(failure -> assertThat(failure).isInstanceOf(Failure.Unknown.class))
        .extracting(Failure::code)
        .containsExactly("timeout");
  }

  @Test
  void anEarlierAttemptThatMayHaveHappenedIsNotForgotten() {
    stage.world.failAfter("pay", RetryTest::lost);
    stage.world.failBefore("pay", () -> {}).failBefore("pay", RetryTest::notSent);
    Workflow<String, String> workflow =
        paying(stage.world.effect(Contract.KEYED).retry(THREE.attempts(2)));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(quarantine(stage.settled(handle)))
        .contains("effect:pay#0", "may have happened", "resume");
    assertThat(stage.entries("r", Entry.EffectGaveUp.class)).isEmpty();
    engine.client().resume("r", "ann", "the network is back");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void attemptsThatMayHaveHappenedHaltTheRunAndAResumeGoesOnUnderTheSameKey() {
    for (int i = 0; i < 3; i++) {
      stage.world.failAfter("pay", RetryTest::lost);
    }
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED).retry(THREE));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(quarantine(stage.settled(handle)))
        .contains("effect:pay#0", "3 attempts", "may have happened", "lost", "resume");
    engine.client().resume("r", "ann", "the target answers again");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
    assertThat(stage.world.keys("pay")).hasSize(4).containsOnly(stage.world.keys("pay").getFirst());
  }

  @Test
  void aRunThatIsStoppedWhileARetrySleepsMakesNoFurtherAttempt() {
    var standing = Stage.standing();
    standing.world.failBefore("pay", RetryTest::notSent);
    Workflow<String, String> workflow =
        paying(standing.world.effect(Contract.ONCE).retry(THREE.delays(SECOND, SECOND)));
    try (standing) {
      Engine engine = standing.open(workflow);
      engine.start(workflow, "r", "in");
      Awaitility.await().until(() -> standing.clock.sleepers() == 1);
      Thread closing = Thread.ofVirtual().start(engine::close);
      Awaitility.await().until(() -> isRefused(engine, workflow));
      standing.clock.advance(SECOND);
      Awaitility.await().until(() -> !closing.isAlive());

      assertThat(standing.world.calls("pay")).isEqualTo(1);
      Engine next = standing.open(workflow);
      assertThat(standing.settled(next.find("r", String.class)))
          .isEqualTo(new Outcome.Completed<>("answer to pay"));
      assertThat(standing.world.happened("pay")).isEqualTo(1);
      Laws.check(standing.history("r"));
    }
  }

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static boolean isRefused(Engine engine, Workflow<String, String> workflow) {
    try {
      engine.start(workflow, "r", "in");
      return false;
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  @Test
  void aRetryThatParksHoldsItsStepAndNoThread() {
    stage.world.failBefore("pay", () -> later(Duration.ofHours(1)));
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.parked(handle))
        .singleElement()
        .isInstanceOfSatisfying(
            Wait.Retry.class, wait -> assertThat(wait.path().text()).isEqualTo("effect:pay#0"));
    assertThat(handle.outcome())
        .isInstanceOfSatisfying(
            Outcome.Waiting.class,
            waiting -> assertThat(waiting.why()).isEqualTo(Outcome.Why.TIMER));
  }

  @Test
  void aClassifierThatThrowsCostsNoOutcome() {
    stage.world.failAfter("pay", RetryTest::lost);
    Workflow<String, String> workflow =
        paying(
            stage
                .world
                .effect(Contract.KEYED)
                .retry(THREE)
                .classify(thrown -> {
                  throw new IllegalStateException("no idea");
                })
                .duplicateAnswer(thrown -> {
                  throw new IllegalStateException("no idea either");
                }));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.entries("r", Entry.AttemptFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class));
  }

  @Test
  void anErrorOfABodyIsAnAttemptThatMayHaveHappened() {
    stage.world.failAfter(
        "pay",
        () -> {
          throw new StackOverflowError("deep");
        });
    Workflow<String, String> workflow = paying(stage.world.effect(Contract.KEYED).retry(THREE));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void aTargetThatAnswersARepeatWithAnErrorIsUnderstood() {
    stage.world.failBefore(
        "pay",
        () -> {
          throw new IllegalStateException("409 already paid as P-1");
        });
    Workflow<String, String> workflow =
        paying(
            stage
                .world
                .effect(Contract.KEYED)
                .duplicateAnswer(thrown ->
                    Optional.ofNullable(thrown.getMessage())
                        .filter(message -> message.startsWith("409"))
                        .map(message -> message.substring(20))));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("P-1"));
    assertThat(stage.entries("r", Entry.EffectSucceeded.class))
        .extracting(Entry.EffectSucceeded::origin)
        .containsExactly(Entry.Origin.RECONCILED);
  }

  private static Workflow<String, String> paying(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("pay", "pay", effect));
  }

  private static String quarantine(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    return ((Outcome.Quarantined<String>) outcome).reason();
  }

  private static void notSent() {
    throw KnownFailure.notSent("connect", "refused");
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "lost");
  }

  private static void refuse(String why) {
    throw KnownFailure.rejected("402", why);
  }

  private static void later(Duration duration) {
    throw KnownFailure.tryLater("429", "busy", Optional.of(duration));
  }
}
