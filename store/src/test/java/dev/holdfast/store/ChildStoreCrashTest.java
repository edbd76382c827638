package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.CrashHarness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run and its child, over each kind of store, crashed at each boundary. */
class ChildStoreCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String CHILD = "r/child:pack#0";

  @TempDir Path folder;

  private static final class Order implements CrashHarness.Scenario {
    private final TestStore store;
    private final Map<String, String> sent = new ConcurrentHashMap<>();
    private final Workflow<String, String> packing =
        Workflow.of("packing", String.class, String.class).body((run, item) -> send(run, item));
    private final Workflow<String, String> order =
        Workflow.of("order", String.class, String.class)
            .body((run, item) -> run.child("pack", packing, item) + send(run, "letter"));

    Order(TestStore store) {
      this.store = store;
    }

    private String send(Run run, String what) {
      return run.effect(
          "send",
          what,
          Effect.keyed(
              String.class,
              (key, sending) -> {
                sent.put(key.text(), sending);
                return "sent " + sending;
              }));
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = store.engine(faultPoints);
      engine.register(order, packing);
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      assertThat(engine.start(order, "r", "17").run(DEADLINE)).isEqualTo("sent 17sent letter");
    }

    @Override
    public void check() {
      assertThat(sent.values()).containsExactlyInAnyOrder("17", "letter");
      try (JournalReader reader = store.reader()) {
        assertThat(reader.find(new RunId(CHILD)).orElseThrow().status())
            .isEqualTo(Status.COMPLETED);
        assertThat(reader.mail(new RunId("r"))).isEmpty();
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChildIsStartedOnceAndItsEndIsHeard(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Order(kind.fresh(folder)));

    assertThat(struck).extracting(crash -> crash.run().text()).contains("r", CHILD);
  }
}
