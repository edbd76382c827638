package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GauntletCommandTest {
  @TempDir Path folder;

  /** A payment that is declared idempotent and is not. */
  public static final class CarelessScenario implements Scenario<AtomicInteger> {
    /** For the command, which makes it. */
    public CarelessScenario() {}

    @Override
    public AtomicInteger world() {
      return new AtomicInteger();
    }

    @Override
    public void begin(Engine engine, AtomicInteger payments) {
      var sale =
          Workflow.of("sale", String.class, String.class)
              .body((run, order) -> run.effect("pay", order, pay(payments)));
      engine.register(sale);
      engine.start(sale, "sale-1", "17");
    }

    private static Effect<String, String> pay(AtomicInteger payments) {
      return Effect.idempotent(
          String.class,
          order -> {
            payments.incrementAndGet();
            return "paid " + order;
          });
    }

    @Override
    public void check(AtomicInteger payments, Map<RunId, Status> ended) {
      if (payments.get() > 1) {
        throw new AssertionError("There were %s payments.".formatted(payments));
      }
    }
  }

  @Test
  void whatBreaksIsToldAndWritten() throws IOException {
    String careless = CarelessScenario.class.getName();

    Invocation run =
        Invocation.of(folder, "gauntlet", careless, "--faults", "calls", "--combinations", "3");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("answer-lost", "broke a law", "There were 2 payments.", "wrote ")
        .contains("answer-lost at BEFORE_CALL 1 of 'effect:pay#0' in 'sale-1'");
    Path home = folder.resolve("gauntlet-report");
    assertThat(home.resolve("report.html")).content().contains("</svg>", "There were 2 payments.");
    assertThat(home.resolve("report.json")).content().contains("\"violations\"");
    assertThat(home.resolve("junit.xml")).content().contains("<failure");
  }

  @Test
  void aScheduleIsPlayedAgain() throws IOException {
    Files.writeString(
        folder.resolve("found.txt"),
        "seed 1\nanswer-lost at BEFORE_CALL 1 of 'effect:pay#0' in 'sale-1'\n");

    Invocation run =
        Invocation.of(
            folder, "gauntlet", CarelessScenario.class.getName(), "--schedule", "found.txt");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("There were 2 payments.", "EffectIntended", "RunCompleted");
    assertThat(folder.resolve("gauntlet-report")).doesNotExist();
  }

  @Test
  void whatIsNoScheduleIsTold() throws IOException {
    String careless = CarelessScenario.class.getName();
    Invocation missing = Invocation.of(folder, "gauntlet", careless, "--schedule", "lost.txt");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("There is no file", "lost.txt to read a schedule from.");

    Files.writeString(folder.resolve("typo.txt"), "seed 1\ncrash at LUNCH 1 of 'a' in 'b'\n");
    Invocation wrong = Invocation.of(folder, "gauntlet", careless, "--schedule", "typo.txt");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("No moment is called LUNCH; there are ", "BEFORE_CALL");
  }

  @Test
  void theDemoIsComparedWithALoop() {
    Invocation run =
        Invocation.of(
            folder,
            "gauntlet",
            "demo",
            "--compare",
            "naive",
            "--faults",
            "calls",
            "--combinations",
            "0");

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("None of", "On a plain loop: ", "broke a law");
    assertThat(folder.resolve("gauntlet-report/report.json"))
        .content()
        .contains("\"plain\" : {", "\"agent\" : \"demo\"");
  }

  @Test
  void agentsAreListedAndUnknownOnesRefused() {
    assertThat(Invocation.of(folder, "gauntlet").out()).contains("Agents: booking, demo");

    Invocation unknown = Invocation.of(folder, "gauntlet", "nobody");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("no agent 'nobody'", "booking, demo");
  }
}
