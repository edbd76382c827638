package dev.holdfast.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * A command as a script runs it: no terminal, nobody to ask.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained about
 */
record Invocation(int code, String out, String err) {
  static Invocation of(Path directory, String... arguments) {
    return of(directory, Map.of(), arguments);
  }

  static Invocation of(Path directory, Map<String, String> environment, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), Paint.PLAIN);
    int code = Main.run(new Shell(terminal, environment, directory, Person.NOBODY), arguments);
    return new Invocation(code, out.toString(), err.toString());
  }
}
