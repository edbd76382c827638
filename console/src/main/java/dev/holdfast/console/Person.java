package dev.holdfast.console;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Whoever sits at the terminal, if anybody does. */
@FunctionalInterface
interface Person {
  /** Nobody: scripts, pipes and builds. */
  Person NOBODY = question -> Optional.empty();

  /** The answer to a question, without blanks around it; empty where nobody is there to ask. */
  Optional<String> answer(String question);

  /** The person at this process's terminal, who is asked only where both ends are one. */
  static Person atThisTerminal() {
    Console console = System.console();
    if (console == null || !Ansi.AUTO.enabled() && System.getenv("NO_COLOR") == null) {
      return NOBODY;
    }
    return question -> Optional.ofNullable(console.readLine("%s", question)).map(String::strip);
  }
}
