package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder of small texts, each replaced as a whole, so that none is ever half written. */
record AdoptionFiles(Path folder) {
  private static final String SUFFIX = ".json";

  AdoptionFiles {
    try {
      Files.createDirectories(folder);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Optional<String> read(String name) {
    Path file = file(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void write(String name, String text) {
    try {
      Path fresh = Files.createTempFile(folder, name, ".fresh");
      Files.writeString(fresh, text);
      Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  boolean delete(String name) {
    try {
      return Files.deleteIfExists(file(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** All texts, by name. */
  Map<String, String> all() {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .forEach(name -> read(name).ifPresent(text -> texts.put(name, text)));
      return texts;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }
}
