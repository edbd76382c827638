package dev.holdfast.bench;

import static dev.holdfast.bench.SmallCases.CANCELLED;
import static dev.holdfast.bench.SmallCases.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetailCommandTest {
  @TempDir private Path folder;

  private Path cases() {
    return new SmallCases(folder).cancelling(CANCELLED).erring().cutOff().write();
  }

  private static void expectAllEqual(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.figure("runs")).isEqualTo(3);
    assertThat(command.figure("states_equal")).isEqualTo(3);
    assertThat(command.figure("calls")).isEqualTo(8);
    assertThat(command.figure("skipped_injected")).isEqualTo(1);
    assertThat(command.figure("results_equal")).isEqualTo(8);
    assertThat(command.figure("duplicates")).isZero();
    assertThat(command.figure("lost")).isZero();
    assertThat(command.figure("silent_repeats")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"transactional", "keyed", "opaque"})
  void undisturbedEveryRunEndsAsRecorded(String tools) {
    Command command = Command.retail(cases(), "none", tools);
    expectAllEqual(command);
    assertThat(command.figure("crashes")).isZero();
    assertThat(command.figure("naive_duplicates")).isZero();
    assertThat(command.figures().fieldNames())
        .toIterable()
        .containsExactly(
            "runs",
            "states_equal",
            "calls",
            "skipped_injected",
            "results_equal",
            "crash_points_tool",
            "crash_points_model",
            "crashes",
            "duplicates",
            "lost",
            "in_doubt",
            "doubts_expected",
            "silent_repeats",
            "model_calls_redone",
            "naive_duplicates",
            "seconds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transactional", "keyed", "opaque"})
  void aCrashAtEachBoundaryChangesNothing(String tools) {
    Command command = Command.retail(cases(), "each", tools);
    expectAllEqual(command);
    assertThat(command.figure("crash_points_tool")).isGreaterThanOrEqualTo(3 * 7);
    assertThat(command.figure("crash_points_model")).isGreaterThanOrEqualTo(2 * 12);
    assertThat(command.figure("crashes"))
        .isEqualTo(command.figure("crash_points_tool") + command.figure("crash_points_model"));
    assertThat(command.figure("model_calls_redone"))
        .isPositive()
        .isLessThanOrEqualTo(command.figure("crashes"));
    assertThat(command.figure("naive_duplicates")).isPositive();
    assertThat(command.figure("in_doubt")).isEqualTo(command.figure("doubts_expected"));
    // For each of two calls, four boundaries lie between a durable intent and the outcome; at up to
    // five more it depends on how far the writer got.
    assertThat(command.figure("in_doubt"))
        .isGreaterThanOrEqualTo(tools.equals("opaque") ? 2 * 4 : 0)
        .isLessThanOrEqualTo(tools.equals("opaque") ? 2 * 9 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"transactional", "opaque"})
  void realKillsChangeNothing(String tools) {
    Command command = Command.retail(cases(), "kill:3", tools);
    expectAllEqual(command);
    assertThat(command.figure("crashes")).isEqualTo(3);
    assertThat(command.figure("in_doubt")).isEqualTo(command.figure("doubts_expected"));
  }

  @Test
  void aStateThatDiffersFromTheRecordedOneIsReported() {
    Path wrong = new SmallCases(folder).cancelling(UNCHANGED).cutOff().write();
    Command command = Command.retail(wrong, "none", "transactional");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.figure("runs")).isEqualTo(2);
    assertThat(command.figure("states_equal")).isEqualTo(1);
    assertThat(command.err())
        .contains("Law broken: every final state must be as recorded.")
        .contains("cancels: its final state is " + CANCELLED);
  }

  @Test
  void aResultThatDiffersFromTheRecordedOneIsReported() {
    Path wrong =
        new SmallCases(folder)
            .run(
                "wrong",
                UNCHANGED,
                SmallCases.said("user", "How much?"),
                SmallCases.called("c1", "calculate", "{\"expression\": \"2 * 3\"}", false),
                SmallCases.answered("c1", "calculate", "7.0"),
                SmallCases.said("assistant", "Seven."))
            .write();
    Command command = Command.retail(wrong, "each", "transactional");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.figure("calls")).isEqualTo(1);
    assertThat(command.figure("results_equal")).isZero();
    assertThat(command.figure("states_equal")).isEqualTo(1);
    assertThat(command.err()).contains("Law broken: every result must be as recorded.");
  }

  @Test
  void aConversationThatGoesOnWhereItsRecordingEndedIsReported() {
    Path short_ =
        new SmallCases(folder)
            .run(
                "short",
                UNCHANGED,
                SmallCases.said("user", "Hello."),
                SmallCases.called("d1", "fly", "{}", false))
            .write();
    Command command = Command.retail(short_, "none", "keyed");
    assertThat(command.exitCode()).isEqualTo(1);
    assertThat(command.figure("states_equal")).isZero();
    assertThat(command.err()).contains("short: it ended with");
  }
}
