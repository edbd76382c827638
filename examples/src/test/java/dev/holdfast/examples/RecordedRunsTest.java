package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.examples.RecordedRun.Call;
import dev.holdfast.examples.RecordedRun.Effect;
import dev.holdfast.examples.RecordedRun.Exchange;
import dev.holdfast.examples.RecordedRun.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecordedRunsTest {
  private static final String RUN =
      """
      {"id": "r1", "messages": [{"role": "system", "content_ref": "rules.md"}, \
      {"role": "user", "content": "hello"}, \
      {"role": "assistant", "content": null, "tool_calls": [\
      {"id": "c1", "name": "think", "arguments": "{'x'}", "injected_by_harness": true}, \
      {"id": "c2", "name": "calculate", "arguments": "{}"}]}, \
      {"role": "tool", "tool_call_id": "c2", "name": "calculate", "content": "2.0"}, \
      {"role": "tool", "tool_call_id": "c1", "name": "think", "content": ""}, \
      {"role": "assistant", "content": "bye", "tool_calls": [\
      {"id": "c1", "name": "think", "arguments": "{}"}]}]}
      """;
  private static final String EXPECTED =
      """
      {"id": "r1", "final_state_hash": "ab", "effects": [{"tool_call_id": "c2", "tool": "t"}], \
      "finished": false}
      """;

  @TempDir Path directory = Path.of("");

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  private void write(String run, String name, String expected) throws IOException {
    write("trajectories." + name + ".jsonl", run);
    write("expected." + name + ".jsonl", expected);
  }

  @Test
  void aRunIsReadMessageByMessage() throws IOException {
    write(RUN + "\n\n", "a", EXPECTED);
    write("rules.md", "be kind");
    Call injected = new Call("c1", "think", "{'x'}", true);
    Call calculation = new Call("c2", "calculate", "{}", false);
    Call repeated = new Call("c1", "think", "{}", false);
    RecordedRun run = RecordedRuns.read(directory).getFirst();
    assertThat(run)
        .isEqualTo(
            new RecordedRun(
                "r1",
                List.of(
                    new Message.Instructions("be kind"),
                    new Message.Customer("hello"),
                    new Message.Reply(Optional.empty(), List.of(injected, calculation)),
                    new Message.Result("c2", "calculate", "2.0"),
                    new Message.Result("c1", "think", ""),
                    new Message.Reply(Optional.of("bye"), List.of(repeated))),
                List.of(new Effect("c2", "t")),
                "ab",
                false));
    assertThat(run.exchanges())
        .containsExactly(
            new Exchange(injected, Optional.of("")),
            new Exchange(calculation, Optional.of("2.0")),
            new Exchange(repeated, Optional.empty()));
  }

  @Test
  void everyPairOfFilesIsReadByName() throws IOException {
    write(RUN.replace("r1", "r2"), "b", EXPECTED.replace("r1", "r2"));
    write(RUN, "a", EXPECTED);
    assertThat(RecordedRuns.read(directory))
        .extracting(RecordedRun::id)
        .containsExactly("r1", "r2");
  }

  @Test
  void instructionsOutsideTheFolderAreNotRead() throws IOException {
    write(RUN.replace("rules.md", "../../etc/rules.md"), "a", EXPECTED);
    assertThat(RecordedRuns.read(directory).getFirst().messages().getFirst())
        .isEqualTo(new Message.Instructions("../../etc/rules.md"));
  }

  @Test
  void aFolderWithoutRecordingsIsNamed() {
    assertThatThrownBy(() -> RecordedRuns.read(directory))
        .hasMessageContainingAll(directory.toString(), "trajectories.X.jsonl");
    assertThatThrownBy(() -> RecordedRuns.read(directory.resolve("none")))
        .hasMessageContaining("none");
  }

  @Test
  void aRunWithoutExpectationIsNamed() throws IOException {
    write(RUN, "a", EXPECTED.replace("r1", "r9"));
    assertThatThrownBy(() -> RecordedRuns.read(directory))
        .hasMessageContainingAll("r1", "expected.a.jsonl");
    Files.delete(directory.resolve("expected.a.jsonl"));
    assertThatThrownBy(() -> RecordedRuns.read(directory)).hasMessageContaining("expected.a.jsonl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"user\" | \"guest\" | the unknown role 'guest'",
        "\"arguments\": \"{}\" | \"arguments\": {} | no text 'arguments'",
        "{\"id\" | {\"id | is no JSON",
      })
  void whatCannotBeUnderstoodIsNamed(String from, String to, String message) throws IOException {
    write(RUN.replace(from, to), "a", EXPECTED);
    assertThatThrownBy(() -> RecordedRuns.read(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
