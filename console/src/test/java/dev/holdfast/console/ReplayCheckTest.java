package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Workflows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported runs against the code that made them, and against changed code. */
class ReplayCheckTest {
  /** The code that the runs were made with. */
  public static final class Same implements Workflows {
    @Override
    public void register(Holdfast holdfast) {
      holdfast.register(Pickups.workflow());
    }
  }

  /** Code that does something else first, and would tell if it were executed. */
  public static final class Changed implements Workflows {
    @Override
    public void register(Holdfast holdfast) {
      holdfast.register(
          Workflow.of("pickup", String.class, String.class)
              .body((run, what) ->
                  run.effect("more", what, Effect.once(String.class, (key, in) -> told(in)))));
    }

    private static String told(String in) {
      throw new AssertionError("executed: " + in);
    }
  }

  @TempDir private Path directory;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @BeforeEach
  void makeTheStore() {
    Pickups.store(directory);
  }

  @AfterEach
  void restoreTheClassLoader() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, Map.of(), arguments);
  }

  private Invocation check(Class<?> code, String... more) {
    var arguments = new ArrayList<>(List.of("replay-check", "--workflows", code.getName()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void theSameCodeGoesThroughAndChangedCodeDoesNot() throws Exception {
    assertThat(run("export", "pickup-good", "--to", "good.jsonl").code()).isZero();
    Invocation same = check(Same.class, "good.jsonl");
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.out()).contains("ok  pickup-good").contains("1 run replayed, 0 not");

    Invocation changed = check(Changed.class, "good.jsonl");
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.out()).contains("NO  pickup-good", "INSERTED", "effect:book-pickup#0");

    JsonNode json = Json.parsed(check(Changed.class, "good.jsonl", "--json").out());
    assertThat(json.get(0).get("id").asText()).isEqualTo("pickup-good");
    assertThat(json.get(0).get("mismatch").asText()).contains("INSERTED");
  }

  @Test
  void withoutFilesItTakesTheRunsOfTheStore() {
    assertThat(check(Same.class).out()).contains("pickup-doubt").doesNotContain("pickup-good");
    Invocation all = check(Same.class, "--ended");
    assertThat(all.code()).as(all.out()).isZero();
    assertThat(all.out()).contains("pickup-good", "pickup-doubt", "pickup-broken", "3 runs");
  }

  @Test
  void whatIsCutShortIsRefused() throws Exception {
    run("export", "pickup-good", "--to", "good.jsonl");
    Path cut = directory.resolve("cut.jsonl");
    List<String> lines = Files.readAllLines(directory.resolve("good.jsonl"));
    Files.write(cut, lines.subList(0, lines.size() - 1));

    Invocation refused = check(Same.class, "cut.jsonl");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("the file stops after");
    assertThat(run("export", "pickup-good", "--to", "good.jsonl").err())
        .contains("There is a file good.jsonl already");
  }
}
