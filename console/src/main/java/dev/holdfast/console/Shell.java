package dev.holdfast.console;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a command is started in.
 *
 * @param terminal where it writes to
 * @param environment the environment variables
 * @param directory where relative paths begin
 * @param person asked where a decision is needed
 */
record Shell(Terminal terminal, Map<String, String> environment, Path directory, Person person) {
  static Shell ofThisProcess() {
    return new Shell(
        Terminal.ofThisProcess(), System.getenv(), Path.of(""), Person.atThisTerminal());
  }
}
