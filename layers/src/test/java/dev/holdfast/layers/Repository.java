package dev.holdfast.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of this repository, or of a sample that stands for it; build output left out. */
record Repository(Path root) {
  private static final Set<String> DIRECTORIES_SKIPPED =
      Set.of("target", ".git", ".idea", ".vscode", ".settings");
  private static final Set<String> ENDINGS_SKIPPED =
      Set.of("db", "db-wal", "db-shm", "lock", "log", "iml", "jfr", "hprof");

  static Repository here() {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("layers")) && Files.isRegularFile(at.resolve("pom.xml"))) {
        return new Repository(at);
      }
    }
    throw new IllegalStateException(
        "No repository at or above " + start + ": run the tests of layers from inside it");
  }

  /** The directories with a build file of their own. */
  List<String> modules() {
    try (var children = Files.list(root)) {
      return children
          .filter(child -> Files.isRegularFile(child.resolve("pom.xml")))
          .map(child -> root.relativize(child).toString())
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  List<Source> sources() {
    return files().stream()
        .filter(path -> path.toString().matches("[^/]+/src/(main|test)/java/.*\\.java"))
        .map(path -> new Source(path, lines(path)))
        .toList();
  }

  /** Every file that belongs to the project, relative to the root, in order of its path. */
  List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Collector(files));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return files.stream().map(root::relativize).sorted().toList();
  }

  List<String> lines(Path path) {
    return read(path).lines().toList();
  }

  /** The text of a file; bytes that are no UTF-8 come out as replacement characters. */
  String read(Path path) {
    try {
      return new String(Files.readAllBytes(root.resolve(path)), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    private Collector(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return DIRECTORIES_SKIPPED.contains(name(directory))
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = name(file);
      if (attributes.isRegularFile()
          && !name.equals(".git")
          && !ENDINGS_SKIPPED.contains(name.substring(name.lastIndexOf('.') + 1))) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    private static String name(Path path) {
      return path.getName(path.getNameCount() - 1).toString();
    }
  }
}
