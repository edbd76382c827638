package dev.holdfast.bench;

import java.io.PrintStream;

/**
 * Where a command writes: figures to the one stream, all else to the other.
 *
 * @param isTerminal whether a person watches the other stream
 */
record Shell(PrintStream out, PrintStream err, boolean isTerminal) {
  /** Set by the launcher, which can ask; Java before 22 cannot tell for one stream. */
  private static final String TERMINAL_PROPERTY = "holdfast.terminal";

  static Shell ofThisProcess() {
    return new Shell(System.out, System.err, Boolean.getBoolean(TERMINAL_PROPERTY));
  }

  Progress progress(String what, long total) {
    return new Progress(err, isTerminal, what, total);
  }

  void say(String line) {
    err.println(line);
  }
}
