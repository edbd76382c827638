package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gauntlet.Explorer;
import dev.holdfast.gauntlet.Faults;
import dev.holdfast.gauntlet.Schedule;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTalkCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static Path cases() {
    try {
      return Path.of(ToolTalkCommandTest.class.getResource("/talk").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private int run(String... arguments) {
    var shell = new Shell(stream(out), stream(err), false);
    return Main.run(shell, arguments);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void everyCallIsDoneOnceAndEveryDoubtTold() {
    int exit = run("tooltalk", "--cases", cases().toString(), "--combinations", "5");

    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "\"duplicates\":0", "\"lost\":0", "\"silent_repeats\":0", "\"in_doubt\"", "\"calls\"")
        .doesNotContain("\"doubts_expected\":0", "\"schedules\":0");
  }

  @Test
  void aRepeatThatNobodyAskedForIsFound() throws IOException {
    var scenario = new TalkScenario(TalkCase.read(cases()).getFirst(), Contract.ONCE);
    Explorer.Ended<TalkDesk> ended =
        Explorer.of(scenario, Faults.CALLS.faults()).playToTheEnd(Schedule.parse("seed 1"));
    TalkCase.Call message = scenario.talk().turns().getLast().calls().get(1);
    ended.world().opaque(new IdempotencyKey("k"), message);

    var tally = new TalkTally();
    tally.count(scenario, ended, "seed 1");

    assertThat(tally.figures().json())
        .contains("\"duplicates\":1", "\"silent_repeats\":1", "\"lost\":0", "\"in_doubt\":0");
    assertThat(tally.broken()).hasSize(1);
  }

  @Test
  void whatIsNoConversationIsNamed(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve(TalkCase.FILE), "{\"id\":\"x\"}\n");

    assertThat(run("tooltalk", "--cases", folder.toString())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("line 1", "it has no 'turns'");
  }
}
