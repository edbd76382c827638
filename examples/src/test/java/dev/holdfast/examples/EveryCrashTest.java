package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.CrashHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to prove that a workflow of one's own survives a crash at any place. */
class EveryCrashTest {
  @TempDir private Path directory;

  // snippet: every-crash
  @Test
  void paysOnceWhereverItCrashes() {
    List<CrashHarness.Crash> crashes =
        CrashHarness.within(Duration.ofSeconds(20)).crashEverywhere(RefundScenario::new);
    assertThat(crashes).hasSizeGreaterThan(5);
  }

  /** A bank that outlives every crash, and the run that is to pay through it. */
  private final class RefundScenario implements CrashHarness.Scenario {
    private final Map<String, String> paid = new ConcurrentHashMap<>();
    private final Path store = Files.createTempFile(directory, "refund", ".db");
    private final Workflow<String, String> refund =
        Workflow.of("refund", String.class, String.class)
            .body((run, order) ->
                run.effect(
                    "pay-back",
                    order,
                    Effect.keyed(
                        String.class, (key, in) -> paid.merge(key.text(), in, this::same))));

    RefundScenario() throws IOException {}

    @Override
    public Engine open(FaultPoints faultPoints) {
      var options =
          new Options(Durability.PROCESS_CRASH, Settings.standard().faultPoints(faultPoints));
      Engine engine = Holdfast.open(store, options).engine();
      engine.register(refund);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      engine.start(refund, "refund-4711", "4711").run(Duration.ofSeconds(10));
    }

    @Override
    public void check() {
      assertThat(paid.values()).containsExactly("4711");
    }

    private String same(String first, String repeat) {
      assertThat(repeat).isEqualTo(first);
      return first;
    }
  }
  // end: every-crash
}
