package dev.holdfast.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of this process's own, gone once it is closed. */
final class ScratchFolder implements AutoCloseable {
  private final Path path;

  ScratchFolder() {
    try {
      path = Files.createTempDirectory("holdfast-");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder can be made. Set java.io.tmpdir.", e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder %s stays. Delete it.".formatted(path), e);
    }
  }
}
