package dev.holdfast.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Recorded data that lies beside a checkout of the project and is no part of it. */
final class SharedData {
  private SharedData() {}

  /** The folder of that name; the calling test is skipped where there is none. */
  static Path folder(String name) {
    Optional<Path> found =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .map(at -> at.resolve("shared").resolve("data").resolve(name))
            .filter(Files::isDirectory)
            .findFirst();
    assumeTrue(
        found.isPresent(), "Skipped: there is no shared/data/" + name + " beside this checkout.");
    return found.orElseThrow();
  }
}
