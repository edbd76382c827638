package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A recorded conversation with tools that do something: e-mails, messages, reminders. */
record TalkCase(String id, List<Turn> turns) {
  static final String FILE = "conversations.jsonl";
  private static final JsonMapper JSON = new JsonMapper();

  /** Copies the turns. */
  TalkCase {
    turns = List.copyOf(turns);
  }

  /** What one side said, and what the assistant did for that. */
  record Turn(boolean isUser, String text, List<Call> calls) {
    /** Copies the calls. */
    Turn {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A tool call.
   *
   * @param id unique over all conversations
   * @param answer what the tool answered then, or the error that it told
   * @param isAction whether it does something
   */
  record Call(String id, String tool, String parameters, String answer, boolean isAction) {}

  /** How many of its calls do something. */
  int actions() {
    return (int)
        turns.stream().flatMap(turn -> turn.calls().stream()).filter(Call::isAction).count();
  }

  /**
   * The conversations of a folder.
   *
   * @throws IllegalArgumentException naming the file and line that cannot be understood
   */
  static List<TalkCase> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "There is no file %s: name the folder that holds it.".formatted(file));
    }
    var cases = new ArrayList<TalkCase>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank()) {
        cases.add(read(line, file + ", line " + number));
      }
    }
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("%s holds no conversation.".formatted(file));
    }
    return List.copyOf(cases);
  }

  private static TalkCase read(String line, String where) {
    try {
      JsonNode talk = JSON.readTree(line);
      String id = required(talk, "id").asText();
      var turns = new ArrayList<Turn>();
      for (JsonNode turn : required(talk, "turns")) {
        turns.add(turn(turn, id + "/" + turns.size()));
      }
      return new TalkCase(id, turns);
    } catch (IOException | IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "%s is no conversation: %s".formatted(where, wrong.getMessage()), wrong);
    }
  }

  private static Turn turn(JsonNode turn, String id) {
    var calls = new ArrayList<Call>();
    for (JsonNode call : turn.path("calls")) {
      boolean failed = !call.path("exception").isNull() && !call.path("exception").isMissingNode();
      calls.add(
          new Call(
              id + "." + calls.size(),
              required(call, "tool").asText(),
              call.path("parameters").toString(),
              failed ? "error: " + call.path("exception") : call.path("response").toString(),
              call.path("is_action").asBoolean()));
    }
    boolean isUser = required(turn, "role").asText().equals("user");
    return new Turn(isUser, turn.path("text").asText(), calls);
  }

  private static JsonNode required(JsonNode node, String field) {
    if (!node.has(field)) {
      throw new IllegalArgumentException("it has no '%s'.".formatted(field));
    }
    return node.get(field);
  }
}
