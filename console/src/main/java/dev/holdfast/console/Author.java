package dev.holdfast.console;

import picocli.CommandLine.Option;

/** Who gives a command that a run's journal remembers. */
final class Author {
  @Option(
      names = "--who",
      description = "Who says so (default: the user's name); taken at its word.")
  private String name = System.getProperty("user.name", "unknown");

  String name() {
    return name;
  }
}
