package dev.holdfast.bench;

import java.io.PrintStream;

/**
 * Where a command writes: figures to the one stream, all else to the other.
 *
 * @param isTerminal whether a person watches the other stream
 */
record Shell(PrintStream out, PrintStream err, boolean isTerminal) {
  static Shell ofThisProcess() {
    boolean isTerminal = System.console() != null && System.console().isTerminal();
    return new Shell(System.out, System.err, isTerminal);
  }

  Progress progress(String what, long total) {
    return new Progress(err, isTerminal, what, total);
  }

  void say(String line) {
    err.println(line);
  }
}
