package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.examples.RecordedRun.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One recorded run, as its line and its expectation say it. */
final class RecordedRunReader {
  private final Path folder;
  private final JsonNode run;
  private final JsonNode expectation;

  RecordedRunReader(Path folder, JsonNode run, JsonNode expectation) {
    this.folder = folder;
    this.run = run;
    this.expectation = expectation;
  }

  RecordedRun read() {
    List<Message> messages = new ArrayList<>();
    run.path("messages").forEach(message -> messages.add(message(message)));
    List<RecordedRun.Effect> effects = new ArrayList<>();
    for (JsonNode effect : expectation.path("effects")) {
      effects.add(new RecordedRun.Effect(text(effect, "tool_call_id"), text(effect, "tool")));
    }
    return new RecordedRun(
        text(run, "id"),
        messages,
        effects,
        text(expectation, "final_state_hash"),
        expectation.path("finished").asBoolean(true));
  }

  private Message message(JsonNode message) {
    String role = text(message, "role");
    return switch (role) {
      case "system" -> new Message.Instructions(instructions(message));
      case "user" -> new Message.Customer(text(message, "content"));
      case "assistant" -> new Message.Reply(optional(message, "content"), calls(message));
      case "tool" ->
          new Message.Result(
              text(message, "tool_call_id"), text(message, "name"), text(message, "content"));
      default -> throw unreadable("a message of the unknown role '" + role + "'");
    };
  }

  /** The text, or the text of the file that is named instead, or that name if there is no file. */
  private String instructions(JsonNode message) {
    Optional<String> reference = optional(message, "content_ref");
    if (reference.isEmpty()) {
      return text(message, "content");
    }
    // Only a neighbour of the recordings is read, whatever path a recording names.
    Path file = folder.resolve(Path.of(reference.get()).getFileName());
    try {
      return Files.isRegularFile(file) ? Files.readString(file) : reference.get();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("The instructions " + file + " are unreadable.", unreadable);
    }
  }

  private List<RecordedRun.Call> calls(JsonNode message) {
    List<RecordedRun.Call> calls = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      calls.add(
          new RecordedRun.Call(
              text(call, "id"),
              text(call, "name"),
              text(call, "arguments"),
              call.path("injected_by_harness").booleanValue()));
    }
    return calls;
  }

  private static Optional<String> optional(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue());
  }

  private String text(JsonNode node, String field) {
    return optional(node, field).orElseThrow(() -> unreadable("no text '" + field + "'"));
  }

  private IllegalArgumentException unreadable(String what) {
    return new IllegalArgumentException(
        "The recorded run '%s' in %s has %s.".formatted(run.path("id").asText(), folder, what));
  }
}
