package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
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

/**
 * Messages of a session that go through a queue, over each kind of store, crashed at each boundary.
 */
class SessionStoreCrashTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static final class Talk implements CrashHarness.Scenario {
    private static final Admission IN_TURN = Admission.throughQueue("mail").session("anna");
    private final TestStore store;
    private final Map<String, String> sent = new ConcurrentHashMap<>();
    private final Workflow<String, String> workflow =
        Workflow.of("talk", String.class, String.class).body((run, message) -> hear(run, message));

    Talk(TestStore store) {
      this.store = store;
    }

    private String hear(Run run, String message) {
      String before = run.sessionState(String.class).orElse("");
      run.effect("send", message, sending());
      run.sleep("pause", Duration.ofMillis(1));
      run.handOn(before + message);
      return before;
    }

    private Effect<String, String> sending() {
      return Effect.keyed(
          String.class,
          (key, message) -> {
            sent.put(key.text(), message);
            return "sent";
          });
    }

    @Override
    public Engine open(FaultPoints faultPoints) {
      Engine engine = store.engine(faultPoints);
      engine.register(workflow);
      engine.register(Queue.of("mail").concurrencyMax(2));
      return engine;
    }

    @Override
    public void drive(Engine engine) {
      var handles =
          List.of("a", "b", "c").stream()
              .map(message -> engine.start(workflow, message, message, IN_TURN))
              .toList();

      assertThat(handles.stream().map(handle -> handle.run(DEADLINE)))
          .containsExactly("", "a", "ab");
    }

    @Override
    public void close() {
      store.close();
    }

    @Override
    public void check() {
      assertThat(sent.values()).as("letters by key").containsExactlyInAnyOrder("a", "b", "c");
      try (JournalReader reader = store.reader()) {
        assertThat(reader.sessionState("anna")).contains(new Payload("\"abc\""));
        assertThat(reader.load("mail").orElseThrow())
            .isEqualTo(new Queue.Load(Queue.of("mail").concurrencyMax(2), 0, 0));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyMessageIsHeardOnceInItsTurn(TestStore.Kind kind) {
    List<CrashHarness.Crash> struck =
        CrashHarness.within(DEADLINE).crashEverywhere(() -> new Talk(kind.fresh(folder)));

    assertThat(struck).extracting(crash -> crash.path().kind()).contains("timer", "effect");
  }
}
