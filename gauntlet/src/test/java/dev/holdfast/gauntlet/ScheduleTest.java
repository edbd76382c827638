package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Schedule.Place PLACE =
      new Schedule.Place(
          Moment.BEFORE_CALL, new RunId("order's 17"), new StepPath("effect:pay back#0"), 2);

  @Test
  void aScheduleIsReadFromItsText() {
    var schedule =
        new Schedule(
            -42,
            List.of(
                new Schedule.Strike(Fault.CRASH, PLACE),
                new Schedule.Strike(Fault.ANSWER_LOST, PLACE)));

    assertThat(Schedule.parse(schedule.text())).isEqualTo(schedule);
    assertThat(schedule.text().lines())
        .containsExactly(
            "seed -42",
            "crash at BEFORE_CALL 2 of 'effect:pay back#0' in 'order's 17'",
            "answer-lost at BEFORE_CALL 2 of 'effect:pay back#0' in 'order's 17'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "crash",
        "seed x",
        "seed 1\ncrash",
        "seed 1\nflood at BEFORE_CALL 1 of 'effect:a#0' in 'r'",
        "seed 1\ncrash at NOWHERE 1 of 'effect:a#0' in 'r'",
        "seed 1\ncrash at BEFORE_CALL 0 of 'effect:a#0' in 'r'"
      })
  void whatIsNoScheduleIsRefused(String text) {
    assertThatThrownBy(() -> Schedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsMisspeltIsTold() {
    assertThatThrownBy(() -> Schedule.parse("seed 1\nflood at BEFORE_CALL 1 of 'a' in 'r'"))
        .hasMessageContainingAll("No fault is called flood; there are ", "crash", "two-answer");
    assertThatThrownBy(() -> Schedule.parse("seed 1\ncrash at NOWHERE 1 of 'a' in 'r'"))
        .hasMessageContainingAll("No moment is called NOWHERE; there are ", "BEFORE_CALL");
  }

  @Test
  void aCallCannotFailWhereThereIsNone() {
    var elsewhere = new Schedule.Place(Moment.AFTER_COMMIT, PLACE.run(), PLACE.path(), 1);

    assertThatThrownBy(() -> new Schedule.Strike(Fault.REFUSED, elsewhere))
        .hasMessageContainingAll("refused cannot strike at AFTER_COMMIT", "BEFORE_CALL");
  }
}
