package dev.holdfast.console;

import java.util.ArrayList;
import java.util.List;

/** Labelled paragraphs that fit a terminal of 80 columns; commands stay whole, to be copied. */
final class Sheet {
  private static final int WIDTH = 80;
  private static final int INDENT = 3;
  private static final int LABEL = 14;

  private final List<String> lines = new ArrayList<>();
  private final Paint paint;

  Sheet(Paint paint) {
    this.paint = paint;
  }

  Sheet line(String text) {
    lines.add(text);
    return this;
  }

  /** A label with a text beside it, in as many lines as that needs; no line for an empty text. */
  Sheet entry(String label, String text) {
    return entry(label, List.of(text));
  }

  /** The same for several lines, each of which begins anew. */
  Sheet entry(String label, List<String> texts) {
    String first = label;
    for (String text : texts) {
      for (String line : wrapped(text, WIDTH - INDENT - LABEL)) {
        String cell = first + " ".repeat(Math.max(1, LABEL - first.length()));
        lines.add((" ".repeat(INDENT) + paint.faint(cell) + line).stripTrailing());
        first = "";
      }
    }
    return this;
  }

  /** What to type, in one line however long. */
  Sheet command(String command) {
    lines.add(" ".repeat(INDENT + LABEL) + paint.strong(command));
    return this;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** The text cut between words, or within one where it is longer than a line. */
  static List<String> wrapped(String text, int width) {
    var lines = new ArrayList<String>();
    String rest = text;
    while (rest.length() > width) {
      int blank = rest.lastIndexOf(' ', width);
      int indent = rest.length() - rest.stripLeading().length();
      int end = blank > indent ? blank : width;
      lines.add(rest.substring(0, end));
      rest = " ".repeat(indent) + rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
