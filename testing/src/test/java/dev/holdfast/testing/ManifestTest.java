package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run says what it was begun with, and what it went on with. */
class ManifestTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Map<String, String> manifest) {
    var definition = Workflow.of("w", String.class, String.class);
    for (Map.Entry<String, String> each : manifest.entrySet()) {
      definition = definition.manifest(each.getKey(), each.getValue());
    }
    return definition.body((run, input) -> {
      run.sleep("one", Duration.ofDays(1));
      run.sleep("two", Duration.ofDays(1));
      return "done";
    });
  }

  private Engine parked(Map<String, String> manifest) {
    Workflow<String, String> workflow = workflow(manifest);
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    return engine;
  }

  @Test
  void theDifferenceIsJournaledOnceAndKillsNothing() {
    parked(Map.of("model", "small", "prompt", "d1", "tools", "d2")).close();
    stage.clock.advance(Duration.ofDays(1));
    parked(Map.of("model", "large", "prompt", "d1", "code", "7")).close();
    stage.clock.advance(Duration.ofDays(1));
    Workflow<String, String> same = workflow(Map.of("model", "large", "prompt", "d1", "code", "7"));
    Engine engine = stage.open(same);

    assertThat(stage.driven(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("done"));
    assertThat(stage.entries("r", Entry.RunStarted.class).getFirst().manifest())
        .containsExactly(
            Map.entry("model", "small"), Map.entry("prompt", "d1"), Map.entry("tools", "d2"));
    assertThat(stage.entries("r", Entry.ManifestChanged.class))
        .containsExactly(
            new Entry.ManifestChanged(Map.of("model", "large", "code", "7"), List.of("tools")));
  }

  @Test
  void whatIsTooMuchIsRefusedAtTheRegistration() {
    Workflow<String, String> tooLong = workflow(Map.of("prompt", "x".repeat(201)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.open(tooLong))
        .withMessageContaining("'w'")
        .withMessageContaining("201")
        .withMessageContaining("digest");
  }
}
