package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GauntletCommandTest {
  @Test
  void everyAgentSurvivesEverySingleFault() {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var shell =
        new Shell(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);

    int exit = Main.run(shell, "gauntlet", "--combinations", "20");

    String told = err.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(told).isZero();
    assertThat(told).contains("None of", "95 %", "repeated-call", "two-answer", "paused");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"violations\":0", "\"schedules_s\"", "\"injections\"");
  }
}
