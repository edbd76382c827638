package dev.holdfast.console;

import java.io.PrintWriter;

/** Tells a demonstration line by line. */
record Narrator(PrintWriter out, Paint paint) {
  private static final String INDENT = "   ";

  /** A heading with a blank line before it. */
  void title(String text) {
    line("");
    line(paint.head(text));
  }

  /** A line of the story, indented under its heading. */
  void say(String text) {
    line(INDENT + text);
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }
}
