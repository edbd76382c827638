package dev.holdfast.bench;

import static dev.holdfast.bench.SmallWire.CHAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireCommandTest {
  @TempDir private Path folder;

  private static Command wire(Path cases) {
    return Command.run("wire", "--cases", cases.toString());
  }

  private static void expectRefused(Path cases, String... facts) {
    Command command = wire(cases);
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.out()).isEmpty();
    assertThat(command.err()).contains(facts);
  }

  private static void expectSound(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.figure("parse_errors")).isZero();
    assertThat(command.figure("misclassified")).isZero();
    assertThat(command.figure("partial_tool_calls_executed")).isZero();
    assertThat(
            command.figure("parsed_equal")
                + command.figure("skipped")
                + command.figure("library_errors"))
        .isEqualTo(command.figure("exchanges"));
  }

  @Test
  void everyProtocolIsPlayed() {
    Command command = wire(new SmallWire(folder).everything().write());

    expectSound(command);
    assertThat(command.figure("exchanges")).isEqualTo(9);
    assertThat(command.figure("parsed_equal")).isEqualTo(8);
    assertThat(command.figure("skipped")).isEqualTo(1);
    assertThat(command.figures().fieldNames())
        .toIterable()
        .containsExactly(
            "exchanges",
            "skipped",
            "parsed_equal",
            "parse_errors",
            "library_errors",
            "misclassified",
            "partial_tool_calls_executed");
    assertThat(command.err()).contains("1 tool calls of whole streams executed, 0 partial ones");
  }

  @Test
  void whatLangChain4jFailsAtIsToldByName() {
    Command command =
        wire(
            new SmallWire(folder)
                .answer(
                    "google-generate",
                    "/v1beta/models/small:generateContent",
                    200,
                    "{\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":7}}")
                .write());

    expectSound(command);
    assertThat(command.figure("library_errors")).isEqualTo(1);
    assertThat(command.err())
        .contains("what LangChain4j itself fails at:")
        .contains("1  google-generate: IndexOutOfBoundsException");
  }

  @Test
  void anAnswerThatIsNoReplyMustBeTakenForNone() {
    Command command =
        wire(
            new SmallWire(folder)
                .stream("openai-chat", CHAT, "data: {\"choices\":[{\"delta\":{}}]}\n\n").stream(
                        "openai-chat", CHAT, "event: error\ndata: {\"error\":{\"code\":429}}\n\n")
                    .answer("openai-chat", CHAT, 200, "\"<html>\"")
                    .write());

    expectSound(command);
    assertThat(command.figure("parsed_equal")).isEqualTo(3);
  }

  @Test
  void aPathThatNoClientAsksForIsSkipped() {
    Command command =
        wire(new SmallWire(folder).answer("openai-chat", "/v1/models", 200, "{}").write());

    assertThat(command.figure("skipped")).isEqualTo(1);
  }

  @Test
  void aLineThatIsNoRecordingIsNamed() {
    var wire = new SmallWire(folder).everything();

    expectRefused(wire.line("{\"id\":").write(), "line 10 is no recording", "Mend or remove");
  }

  @Test
  void aFieldThatIsMissingIsNamed() {
    String line = "{\"id\":\"a\",\"interactions\":[{\"endpoint\":\"x\",\"path\":\"/\"}]}";

    expectRefused(new SmallWire(folder).line(line).write(), "line 1", "response_sse");
    expectRefused(
        new SmallWire(folder).line(line.replace("\"path\"", "\"response\":{},\"p\"")).write(),
        "line 1",
        "'status' is missing");
  }

  @Test
  void aFolderWithoutRecordingsIsRefused() {
    expectRefused(folder.resolve("nowhere"), "nowhere", "cassettes.jsonl");
    expectRefused(new SmallWire(folder).line("").write(), "holds no recorded exchange");
  }

  @Test
  void eachRecordedExchangeIsUnderstood() {
    Optional<Path> recordings =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .map(at -> at.resolve("shared").resolve("data").resolve("llm-wire"))
            .filter(Files::isDirectory)
            .findFirst();
    assumeTrue(
        recordings.isPresent(), "Skipped: there is no shared/data/llm-wire beside this checkout.");
    Command command = wire(recordings.orElseThrow());

    expectSound(command);
    assertThat(command.figure("parsed_equal") * 100L)
        .isGreaterThanOrEqualTo(command.figure("exchanges") * 65L);
  }

  @Test
  void aStreamIsTakenApartAtItsEvents() {
    var events = new WireEvents("id: 1\r\ndata: é\r\n\r\nevent: x\ndata:1\ndata: 2\n\n\ndata: 3");

    assertThat(events.data()).isEqualTo(List.of("é", "1\n2", "3"));
    assertThat(events.cuts()).containsExactly(0, 9, 19, 32, 45, 48);
  }
}
