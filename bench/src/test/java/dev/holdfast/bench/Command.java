package dev.holdfast.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One call of the command, with what it printed. */
record Command(int exitCode, String out, String err) {
  static Command run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var shell =
        new Shell(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int exitCode = Main.run(shell, arguments);
    return new Command(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Command retail(Path folder, String crash, String tools) {
    String place = folder.toString();
    return run("retail", "--cases", place, "--world", place, "--crash", crash, "--tools", tools);
  }

  /** The last line of standard output, as JSON. */
  JsonNode figures() {
    List<String> lines = out.lines().toList();
    try {
      return new JsonMapper().readTree(lines.getLast());
    } catch (JsonProcessingException malformed) {
      throw new AssertionError("No JSON: " + out + err, malformed);
    }
  }

  int figure(String name) {
    return figures().required(name).asInt();
  }
}
