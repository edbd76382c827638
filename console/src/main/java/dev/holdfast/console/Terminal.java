package dev.holdfast.console;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
    boolean coloured =
        console().isPresent() && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, err, new Paint(coloured, charset().equals(StandardCharsets.UTF_8)));
  }

  /** The console where both ends of it are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // before JDK 22 null is what says that there is none
  static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Terminal::isTerminal);
  }

  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJdk22) {
      return true;
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("The console does not tell whether it is one.", broken);
    }
  }

  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", "UTF-8");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }
}
