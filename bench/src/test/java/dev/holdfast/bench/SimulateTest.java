package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulateTest {
  @Test
  void schedulesAreCountedAndBreakNoLaw() {
    Command command = Command.run("simulate", "--seeds", "20");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.figure("schedules")).isEqualTo(20);
    assertThat(command.figure("schedules_s")).isPositive();
    assertThat(command.figure("violations")).isZero();
    assertThat(command.figure("faults")).isPositive();
    assertThat(command.figure("entries")).isGreaterThan(20);
  }

  @Test
  void theSameSeedsGiveTheSameSchedules() {
    Command first = Command.run("simulate", "--seeds", "5", "--from", "77");
    Command again = Command.run("simulate", "--seeds", "5", "--from", "77");

    assertThat(again.figure("events")).isEqualTo(first.figure("events")).isPositive();
  }

  @Test
  void aCountOutOfBoundsIsRefused() {
    Command command = Command.run("simulate", "--seeds", "0");

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("--seeds must be 1 to 10,000,000, is 0.");
  }
}
