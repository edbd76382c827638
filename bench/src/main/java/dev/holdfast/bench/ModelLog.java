package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The model provider's own record of what it was asked: a file with a line for each call, which the
 * death of the asking process does not take back. Safe for use by many threads.
 */
record ModelLog(Path file) {
  /** Notes that a run asks for that reply, before it gets it. */
  synchronized void append(String run, int reply) {
    try {
      Files.writeString(
          file, run + " " + reply + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** What each run asked for, in order. */
  Map<String, List<Integer>> read() throws IOException {
    Map<String, List<Integer>> asked = new HashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int blank = line.lastIndexOf(' ');
        asked
            .computeIfAbsent(line.substring(0, blank), run -> new ArrayList<>())
            .add(Integer.parseInt(line.substring(blank + 1)));
      }
    }
    return asked;
  }
}
