package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path folder;

  private static void expectNotUnderstood(Command command, String... facts) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.out()).isEmpty();
    assertThat(command.err()).startsWith("bench/run: ").contains(facts);
  }

  @Test
  void aWorkloadMustBeNamed() {
    expectNotUnderstood(Command.run(), "No workload was named", "--help");
  }

  @Test
  void anUnknownWorkloadIsRefused() {
    expectNotUnderstood(Command.run("retial"), "retial");
  }

  @Test
  void anOptionThatIsMissingIsNamed() {
    expectNotUnderstood(Command.run("retail", "--cases", folder.toString()), "--world");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sometimes", "kill", "kill:0", "kill:-1", "kill:1001", "kill:x", ""})
  void faultsOfNoKnownFormAreRefused(String crash) {
    expectNotUnderstood(
        Command.retail(folder, crash, "keyed"), "--crash", "none, each, kill:N with N from 1");
  }

  @Test
  void toolsOfNoKnownFormAreRefused() {
    expectNotUnderstood(Command.retail(folder, "none", "magic"), "--tools", "OPAQUE");
  }

  @Test
  void aWorldThatIsMissingIsRefusedWithTheRemedy() {
    expectNotUnderstood(
        Command.retail(folder.resolve("nowhere"), "none", "keyed"),
        "nowhere",
        "Name the folder that holds orders.json");
  }

  @Test
  void aFolderWithoutRecordingsIsRefusedWithTheRemedy() {
    new SmallCases(folder);
    expectNotUnderstood(
        Command.retail(folder, "none", "keyed"), "holds no recorded runs", "trajectories.X.jsonl");
  }

  @Test
  void aRecordingThatBeginsWithAReplyIsRefused() {
    new SmallCases(folder)
        .run("odd", SmallCases.UNCHANGED, SmallCases.said("assistant", "Hello?"))
        .write();
    expectNotUnderstood(Command.retail(folder, "none", "keyed"), "'odd' begins with a reply");
  }

  @Test
  void roundsOutOfBoundsAreRefused() {
    expectNotUnderstood(Command.run("steps", "--rounds", "0"), "--rounds must be 1 to 100, is 0");
  }

  @Test
  void helpIsNoError() {
    assertThat(Command.run("retail", "--help").exitCode()).isZero();
  }
}
