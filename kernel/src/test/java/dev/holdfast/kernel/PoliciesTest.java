package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, retry policies, effects and workflows: their bounds, defaults and changed copies. */
class PoliciesTest {
  private static final Effect<String, String> KEYED =
      Effect.keyed(String.class, (key, input) -> input);
  private static final Effect<String, String> READ = Effect.read(String.class, input -> input);

  @ParameterizedTest
  @CsvSource({"1,200", "2,400", "3,800", "8,25600", "9,30000", "500,30000"})
  void delaysDoubleUpToTheCap(int attempt, long millis) {
    var policy = RetryPolicy.DEFAULT.attempts(1_000);

    assertThat(policy.delayAfter(attempt, 0)).contains(Duration.ofMillis(millis));
    assertThat(policy.delayAfter(attempt, 1).orElseThrow())
        .isBetween(Duration.ofMillis(millis * 8 / 10), Duration.ofMillis(millis));
  }

  @Test
  void theLastAttemptIsFollowedByNone() {
    assertThat(RetryPolicy.DEFAULT.delayAfter(4, 0)).isPresent();
    assertThat(RetryPolicy.DEFAULT.delayAfter(5, 0)).isEmpty();
    assertThat(RetryPolicy.NEVER.delayAfter(1, 0)).isEmpty();
  }

  @Test
  void fullJitterMayTakeTheWholeDelay() {
    var policy = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(1), 1);

    assertThat(policy.delayAfter(1, 1)).contains(Duration.ZERO);
    assertThat(policy.delayAfter(1, 0.25)).contains(Duration.ofMillis(750));
  }

  /** What is refused, and what the message must name. */
  static Stream<Arguments> refusals() {
    Duration second = Duration.ofSeconds(1);
    return Stream.of(
        refusal(() -> new RetryPolicy(0, second, second, 0), "attemptsMax", "0"),
        refusal(() -> new RetryPolicy(1_001, second, second, 0), "attemptsMax"),
        refusal(() -> RetryPolicy.DEFAULT.delays(second.negated(), second), "PT-1S"),
        refusal(() -> RetryPolicy.DEFAULT.delays(second, Duration.ZERO), "PT1S", "PT0S"),
        refusal(() -> RetryPolicy.DEFAULT.delays(second, Duration.ofDays(400)), "delayMax"),
        refusal(() -> new RetryPolicy(1, second, second, 1.1), "jitter", "1.1"),
        refusal(() -> new RetryPolicy(1, second, second, Double.NaN), "jitter"),
        refusal(() -> Limits.DEFAULT.effectTimeout(Duration.ZERO), "effectTimeout", "PT0S"),
        refusal(() -> Limits.DEFAULT.effectTimeout(Duration.ofDays(2)), "effectTimeout"),
        refusal(() -> Limits.DEFAULT.stepsMax(0), "stepsMax", "is 0"),
        refusal(() -> Limits.DEFAULT.stepsMax(1_000_001), "stepsMax"),
        refusal(() -> Limits.DEFAULT.payloadBytesMax(1_023), "payloadBytesMax"),
        refusal(() -> Limits.DEFAULT.payloadBytesMax(Integer.MAX_VALUE), "payloadBytesMax"),
        refusal(() -> Limits.DEFAULT.heldIntentWait(second.negated()), "heldIntentWait"),
        refusal(() -> Limits.DEFAULT.retryInPlaceMax(Duration.ofHours(1)), "retryInPlaceMax"),
        refusal(() -> Limits.DEFAULT.runsMax(0), "runsMax"),
        refusal(() -> READ.oncePer(Intent.Scope.RUN, "f"), "oncePer", "READ"),
        refusal(() -> READ.validFor(second), "validFor", "keyed", "READ"),
        refusal(() -> KEYED.settleAfter(second), "settleAfter", "verified", "KEYED"),
        refusal(() -> KEYED.cheap(), "cheap", "read", "KEYED"),
        refusal(
            () -> READ.duplicateAnswer(thrown -> java.util.Optional.empty()), "duplicateAnswer"),
        refusal(() -> KEYED.timeout(Duration.ZERO), "timeout", "PT0S"),
        refusal(() -> KEYED.timeout(second.negated()), "timeout", "PT-1S"),
        refusal(() -> KEYED.timeout(Duration.ofDays(2)), "timeout", "PT48H"),
        refusal(() -> KEYED.validFor(second.negated()), "validFor", "PT-1S"),
        refusal(() -> verified().settleAfter(second.negated()), "settleAfter", "PT-1S"),
        refusal(() -> KEYED.kind("step"), "kind", "'step'"),
        refusal(() -> KEYED.kind("a/b"), "kind", "'a/b'"),
        refusal(() -> KEYED.kind(""), "kind"),
        refusal(() -> Workflow.of(" ", String.class, String.class), "name", "version"),
        refusal(() -> Workflow.of("w", String.class, String.class).version(""), "version"));
  }

  private static Arguments refusal(Supplier<?> attempt, String... named) {
    return Arguments.of(attempt, named);
  }

  private static Effect<String, String> verified() {
    return Effect.verified(
        String.class, (key, input) -> input, (key, input) -> new Effect.Answer.DidNotHappen<>());
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatIsOutOfBoundsIsRefusedByName(Supplier<?> attempt, String[] named) {
    assertThatThrownBy(attempt::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(named);
  }

  static Stream<UnaryOperator<Limits>> changes() {
    Duration changed = Duration.ofMillis(777);
    return Stream.of(
        limits -> limits.effectTimeout(changed),
        limits -> limits.retry(RetryPolicy.NEVER),
        limits -> limits.stepsMax(777),
        limits -> limits.payloadBytesMax(7_777),
        limits -> limits.heldIntentWait(changed),
        limits -> limits.retryInPlaceMax(changed),
        limits -> limits.runsMax(777),
        limits -> limits.humanWait(Duration.ofDays(3)),
        limits -> limits.poisonAfter(7),
        limits -> limits.stopGrace(changed),
        limits -> limits.leaseTtl(Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangedLimitChangesNoOther(UnaryOperator<Limits> change) {
    Limits once = change.apply(Limits.DEFAULT);

    assertThat(once).isNotEqualTo(Limits.DEFAULT);
    assertThat(change.apply(once)).isEqualTo(once);
    long kept =
        changes()
            .filter(other -> other.apply(once).equals(change.apply(other.apply(Limits.DEFAULT))))
            .count();
    assertThat(kept).as("changes of different limits commute").isEqualTo(11);
  }

  @Test
  void theDefaultsAreThoseThatTheDocsState() {
    assertThat(Limits.DEFAULT)
        .isEqualTo(
            new Limits(
                Duration.ofSeconds(30),
                new RetryPolicy(5, Duration.ofMillis(200), Duration.ofSeconds(30), 0.2),
                10_000,
                64 * 1024 * 1024,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                1_000,
                Duration.ofDays(7),
                3,
                Duration.ofSeconds(5),
                Duration.ofSeconds(15)));
    assertThat(Limits.RUN_ID_LENGTH_MAX).isEqualTo(RunId.LENGTH_MAX).isEqualTo(200);
  }

  @Test
  void anEffectIsNeverChangedByItsCopies() {
    Effect<String, String> copy =
        KEYED
            .timeout(Duration.ofMillis(5))
            .retry(RetryPolicy.NEVER)
            .validFor(Duration.ofHours(1))
            .kind("tool")
            .oncePer(Intent.Scope.RUN, "f", 1);

    assertThat(KEYED.spec().timeout(Limits.DEFAULT)).isEqualTo(Duration.ofSeconds(30));
    assertThat(KEYED.spec().retry(Limits.DEFAULT)).isEqualTo(RetryPolicy.DEFAULT);
    assertThat(KEYED.spec().validFor()).isEmpty();
    assertThat(KEYED.spec().kind()).isEqualTo("effect");
    assertThat(KEYED.spec().fact()).isEmpty();
    assertThat(copy.spec().timeout(Limits.DEFAULT)).isEqualTo(Duration.ofMillis(5));
    assertThat(copy.spec().retry(Limits.DEFAULT)).isEqualTo(RetryPolicy.NEVER);
    assertThat(copy.spec().validFor()).contains(Duration.ofHours(1));
    assertThat(copy.spec().kind()).isEqualTo("tool");
    assertThat(copy.spec().fact()).isPresent();
    assertThat(copy.spec().contract()).isEqualTo(Contract.KEYED);
  }

  @Test
  void aProbesNoIsBelievedFiveSecondsAfterTheTimeoutByDefault() {
    assertThat(verified().spec().settleAfter(Limits.DEFAULT)).isEqualTo(Duration.ofSeconds(35));
    assertThat(verified().timeout(Duration.ofSeconds(2)).spec().settleAfter(Limits.DEFAULT))
        .isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2024-05"})
  void aWorkflowIsWhatItsDefinitionSays(String version) throws Exception {
    Workflow<String, Integer> workflow =
        Workflow.of("measure", String.class, Integer.class)
            .version(version)
            .failsOn(java.io.IOException.class)
            .failsOn(IllegalStateException.class)
            .body((run, input) -> input.length());

    assertThat(workflow.name()).isEqualTo("measure");
    assertThat(workflow.version()).isEqualTo(version);
    assertThat(workflow.inputType()).isEqualTo(String.class);
    assertThat(workflow.outputType()).isEqualTo(Integer.class);
    assertThat(workflow.failsOn())
        .containsExactlyInAnyOrder(java.io.IOException.class, IllegalStateException.class);
  }
}
