package dev.holdfast.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.Payload;
import java.util.ArrayList;
import java.util.List;

/** Puts a value into lines for people: fields by name, lists by dashes, texts without quotes. */
final class Shown {
  private static final int LINES_MAX = 24;
  private static final int TEXT_LENGTH_MAX = 600;

  private final List<String> lines = new ArrayList<>();
  private int missing;

  private Shown() {}

  /** At most 24 lines and 600 characters of each text; the last line says what is missing. */
  static List<String> lines(Payload payload) {
    var shown = new Shown();
    shown.add("", "", Json.parsedOrText(payload.text()));
    if (shown.missing > 0) {
      shown.lines.add(
          "... and %s more; `holdfast show RUN --entries` shows all"
              .formatted(Phrases.count(shown.missing, "line")));
    }
    return List.copyOf(shown.lines);
  }

  private void add(String indent, String name, JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      addName(indent, name);
      String inner = name.isEmpty() ? indent : indent + "  ";
      value.properties().forEach(field -> add(inner, nameOf(field.getKey()), field.getValue()));
    } else if (value.isArray() && !value.isEmpty()) {
      addName(indent, name);
      String inner = name.isEmpty() ? indent : indent + "  ";
      value.forEach(each -> add(inner, "-", each));
    } else {
      addText(indent, name, value);
    }
  }

  private static String nameOf(String key) {
    return Phrases.shortened(key) + ":";
  }

  private void addName(String indent, String name) {
    if (!name.isEmpty()) {
      addLine(indent + name);
    }
  }

  private void addText(String indent, String name, JsonNode value) {
    String text =
        value.isTextual() && !value.asText().isBlank() ? value.asText() : value.toString();
    List<String> parts = cut(text).lines().map(Phrases::visible).toList();
    String before = indent + (name.isEmpty() ? "" : name + " ");
    if (parts.size() == 1) {
      addLine(before + parts.getFirst());
    } else {
      addName(indent, name);
      parts.forEach(part -> addLine(indent + "  | " + part));
    }
  }

  private static String cut(String text) {
    int more = text.length() - TEXT_LENGTH_MAX;
    return more <= 0
        ? text
        : "%s... and %,d more characters".formatted(text.substring(0, TEXT_LENGTH_MAX), more);
  }

  private void addLine(String line) {
    if (lines.size() < LINES_MAX) {
      lines.add(line);
    } else {
      missing++;
    }
  }
}
