package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says of a run that others of its session wait for. */
class SessionScreensTest {
  @TempDir private Path directory;

  @BeforeEach
  void breakTheFirstOfThree() {
    Workflow<String, String> breaking =
        Workflow.of("breaking", String.class, String.class)
            .body((run, input) -> {
              throw new IllegalStateException("broken");
            });
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"))) {
      holdfast.register(breaking);
      holdfast.register(Queue.of("mail"));
      var admission = Admission.throughQueue("mail").session("anna");
      var first = holdfast.start(breaking, "m-1", "a", admission);
      holdfast.start(breaking, "m-2", "b", admission);
      holdfast.start(breaking, "m-3", "c", admission);
      assertThat(first.await(Duration.ofSeconds(20))).isInstanceOf(Outcome.Quarantined.class);
    }
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  @Test
  void theInboxTellsHowManyWaitBehind() throws Exception {
    assertThat(run("inbox").out())
        .contains("m-1 is quarantined")
        .containsPattern("behind +2 runs wait of session anna, until this one ends");
    JsonNode needs = Json.parsed(run("inbox", "--json").out()).get("needs");
    assertThat(needs.get(0).get("behind").asInt()).isEqualTo(2);
  }

  @Test
  void showTellsHowARunWasLetIn() throws Exception {
    assertThat(run("show", "m-1").out())
        .contains("queue mail\n", "session anna\n", "2 runs wait of session anna");
    assertThat(run("show", "m-2").out())
        .contains("session anna, waits for its turn\n")
        .doesNotContain("runs wait");
    JsonNode json = Json.parsed(run("show", "m-1", "--json").out());
    assertThat(json.get("queue").asText()).isEqualTo("mail");
    assertThat(json.get("session").asText()).isEqualTo("anna");
    assertThat(json.get("behind").asInt()).isEqualTo(2);
  }
}
