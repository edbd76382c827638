package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Each of the workloads with a target, in its small form: the figures' names and the laws. */
class FiguresTest {
  private static Command quick(String workload, String... keys) {
    Command command = Command.run(workload, "--quick");
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out().lines()).hasSize(1);
    assertThat(command.figures().fieldNames()).toIterable().containsExactly(keys);
    assertThat(command.err()).contains("target").contains("Machine:");
    return command;
  }

  @Test
  void recoveryLosesNothingAndRepeatsNothingRecorded() {
    Command command =
        quick(
            "recovery", "runs", "lost", "recomputed", "first_step_ms", "done_ms", "undisturbed_ms");
    assertThat(command.figure("runs")).isEqualTo(100);
    assertThat(command.figure("lost")).isZero();
    assertThat(command.figure("recomputed")).isZero();
    assertThat(command.figure("first_step_ms"))
        .isPositive()
        .isLessThanOrEqualTo(command.figure("done_ms"));
  }

  @Test
  void idleRunsAreWeighedAndWoken() {
    Command command =
        quick(
            "idle",
            "waiting",
            "heap_bytes_each",
            "wake_ms_p50",
            "wake_ms_p99",
            "raw_commit_ms_p99");
    assertThat(command.figure("waiting")).isEqualTo(2_000);
    assertThat(command.figures().required("wake_ms_p99").asDouble())
        .isGreaterThanOrEqualTo(command.figures().required("wake_ms_p50").asDouble())
        .isPositive();
  }

  @Test
  void growthIsMeasuredOverAnAgentsTurns() {
    Command command =
        quick(
            "growth",
            "turns",
            "payload_bytes",
            "disk_bytes",
            "wal_bytes_max",
            "r2",
            "first_ms",
            "last_ms");
    assertThat(command.figure("payload_bytes")).isEqualTo(80 * 2_048);
    assertThat(command.figure("disk_bytes")).isGreaterThan(command.figure("payload_bytes"));
    assertThat(command.figure("wal_bytes_max")).isPositive();
    assertThat(command.figures().required("r2").asDouble()).isBetween(0.9, 1.0);
  }

  @Test
  void aStoreIsOpenedUntilItsFirstClaim() {
    Command command = quick("open", "entries", "ms_to_first_claim");
    assertThat(command.figure("entries")).isGreaterThanOrEqualTo(20_000);
    assertThat(command.figures().required("ms_to_first_claim").asDouble()).isPositive();
  }

  @Test
  void effectsAreCountedOutsideForEachContract() {
    Command command =
        quick(
            "effects",
            "runs",
            "kills",
            "duplicates_keyed",
            "lost_keyed",
            "duplicates_transactional",
            "lost_transactional",
            "duplicates_verified",
            "lost_verified",
            "duplicates_idempotent",
            "lost_idempotent",
            "duplicates_once",
            "lost_once",
            "in_doubt_once",
            "doubts_expected");
    assertThat(command.figure("in_doubt_once")).isEqualTo(command.figure("doubts_expected"));
  }

  @Test
  void aStraightLineIsToldFromABentOne() {
    var straight = new Samples();
    var bent = new Samples();
    for (int i = 0; i < 100; i++) {
      straight.add(3.0 * i + 7);
      bent.add((double) i * i * i);
    }
    assertThat(straight.linearity()).isCloseTo(1, within(1e-12));
    assertThat(bent.linearity()).isLessThan(0.9);
    assertThat(straight.quantile(0.99)).isEqualTo(3.0 * 98 + 7);
    assertThat(straight.quantile(0)).isEqualTo(7);
  }

  @Test
  void aTargetIsMetOnTheRightSideOnly() {
    assertThat(Target.atMost("a", 2, 2).isMet()).isTrue();
    assertThat(Target.lessThan("a", 2, 2).isMet()).isFalse();
    assertThat(Target.atLeast("a", 2, 2).isMet()).isTrue();
    assertThat(Target.atLeast("a", 1.9, 2).isMet()).isFalse();
  }

  @Test
  void sealedTurnsAreResumedBesideUnsealedOnes() {
    Command command =
        quick("seal", "turns", "resume_ms_10", "resume_ms_100", "unsealed_ms_100", "ratio");
    assertThat(command.figure("turns")).isEqualTo(100);
    assertThat(command.figures().required("resume_ms_10").asDouble()).isPositive();
    assertThat(command.figures().required("resume_ms_100").asDouble()).isPositive();
  }
}
