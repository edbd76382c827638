package dev.holdfast.layers;

import static dev.holdfast.layers.Finding.expectNone;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurityTest {
  private static final JavaClasses OURS = ClassRules.ours();

  private final Sample sample;

  PurityTest(@TempDir Path directory) {
    sample = new Sample(directory);
  }

  @Test
  void timeAndChanceComeInThroughTheFrontDoor() {
    expectNone(PurityRules.timeAndChance(OURS));
  }

  @Test
  void librariesDoNotPrint() {
    expectNone(PurityRules.printing(OURS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.time.Instant.now()",
        "java.time.LocalDate.now(java.time.ZoneOffset.UTC)",
        "java.time.Clock.systemUTC()",
        "java.time.Clock.tickSeconds(java.time.ZoneOffset.UTC)",
        "System.currentTimeMillis()",
        "System.nanoTime()",
        "java.util.UUID.randomUUID()",
        "Math.random()",
        "new java.util.Random()",
        "new java.util.Random(7)",
        "new java.util.SplittableRandom()",
        "new java.security.SecureRandom()",
        "java.util.concurrent.ThreadLocalRandom.current()",
        "java.util.random.RandomGenerator.getDefault()",
        "(java.util.function.Supplier<?>) java.time.Instant::now",
        "(java.util.concurrent.Callable<?>) () -> { Thread.sleep(1); return 1; }",
        "(java.util.concurrent.Callable<?>) () -> "
            + "{ java.util.concurrent.TimeUnit.DAYS.sleep(1); return 1; }",
      })
  void timeAndChanceAreFound(String expression) {
    sample.type("kernel", "Run", "class Run { Object value = " + expression + "; }");
    sample.type("journal", "Entry", "class Entry { Object value = " + expression + "; }");
    sample.type(
        "kernel.spi", "SystemClock", "class SystemClock { Object value = " + expression + "; }");
    sample.type("store", "Rows", "class Rows { Object value = " + expression + "; }");
    assertThat(PurityRules.timeAndChance(sample.classes()))
        .map(Finding::toString)
        .hasSize(2)
        .anyMatch(finding -> finding.contains("(Run.java:3)"))
        .anyMatch(finding -> finding.contains("(Entry.java:3)"));
  }

  @Test
  void chanceFromARecordedSeedIsNoChance() {
    sample.type("kernel", "Run", "class Run { Object v = new java.util.SplittableRandom(7); }");
    expectNone(PurityRules.timeAndChance(sample.classes()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "System.out.println()",
        "System.err.flush()",
        "new IllegalStateException().printStackTrace()",
        "new Throwable().printStackTrace(new java.io.PrintWriter(java.io.Writer.nullWriter()))",
      })
  void printingIsFound(String statement) {
    sample.type("agents", "Agent", "class Agent { void m() { " + statement + "; } }");
    sample.type("console", "Main", "class Main { void m() { " + statement + "; } }");
    assertThat(PurityRules.printing(sample.classes()))
        .map(Finding::toString)
        .singleElement()
        .asString()
        .contains("(Agent.java:3)");
  }
}
