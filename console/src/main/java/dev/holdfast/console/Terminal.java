package dev.holdfast.console;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes to.
 *
 * @param out results
 * @param err complaints and progress
 * @param paint colours and signs of both
 */
record Terminal(PrintWriter out, PrintWriter err, Paint paint) {
  /** This process's own streams; coloured at a terminal unless {@code NO_COLOR} is set. */
  static Terminal ofThisProcess() {
    var out = new PrintWriter(System.out, true, charset());
    var err = new PrintWriter(System.err, true, charset());
    return new Terminal(
        out, err, new Paint(Ansi.AUTO.enabled(), charset().equals(StandardCharsets.UTF_8)));
  }

  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", "");
    return Charset.isSupported(name.isEmpty() ? "UTF-8" : name)
        ? Charset.forName(name.isEmpty() ? "UTF-8" : name)
        : StandardCharsets.US_ASCII;
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }
}
