package dev.holdfast.console;

import java.util.Optional;

/**
 * Something that a person may answer, and what that does.
 *
 * @param says the answer in a word or two
 * @param does what follows from it
 * @param command what to type; empty where nothing is to be typed
 */
record Answer(String says, String does, Optional<String> command) {
  Answer(String says, String does, String command) {
    this(says, does, Optional.of(command));
  }

  Answer(String says, String does) {
    this(says, does, Optional.empty());
  }
}
