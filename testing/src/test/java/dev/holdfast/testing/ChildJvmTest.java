package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kernel.spi.Boundary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @Test
  void standsStillAtTheVisitAskedForUntilItIsKilled() {
    var point = new KillPoint(Boundary.AFTER_CALL, "pay-back", 2);
    try (var child = start(Optional.of(point))) {
      var arrival = child.awaitArrival(DEADLINE).orElseThrow();
      assertThat(arrival.boundary()).isEqualTo(Boundary.AFTER_CALL);
      assertThat(arrival.path().text()).isEqualTo("effect:pay-back#0");
      child.kill();
      assertThat(child.awaitEnd(DEADLINE)).isEqualTo(128 + 9);
      assertThat(child.lines()).contains("visit 2 of a b").doesNotContain("visit 3 of a b");
      assertThat(child.lines()).doesNotContain("orderly end");
    }
  }

  @Test
  void reportsAChildThatEndsWithoutGettingThere() {
    try (var child = start(Optional.of(KillPoint.at(Boundary.AFTER_CALL, "another")))) {
      assertThat(child.awaitArrival(DEADLINE)).isEmpty();
      assertThat(child.awaitEnd(DEADLINE)).isEqualTo(7);
      assertThat(child.lines()).contains("orderly end");
    }
  }

  @Test
  void showsTheLastLinesOfAChildThatIsLate() {
    try (var child = start(Optional.of(KillPoint.at(Boundary.BEFORE_CALL)))) {
      child.awaitArrival(DEADLINE);
      assertThatThrownBy(() -> child.awaitEnd(Duration.ofMillis(50)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has not ended after")
          .hasMessageContaining("visit 1 of a b");
      assertThatThrownBy(() -> child.awaitLine("never", Duration.ofMillis(50)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("printed no line");
    }
  }

  @Test
  void leavesNoProcessBehind() {
    long pid;
    try (var child = start(Optional.of(KillPoint.at(Boundary.BEFORE_CALL)))) {
      child.awaitArrival(DEADLINE);
      pid = child.pid();
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void rejectsAVisitThatIsNone() {
    assertThatThrownBy(() -> new KillPoint(Boundary.BEFORE_CALL, "pay-back", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("visit must be >= 1");
  }

  private static ChildJvm start(Optional<KillPoint> point) {
    return ChildJvm.start(StandingChild.class, List.of("a", "b"), point);
  }
}
