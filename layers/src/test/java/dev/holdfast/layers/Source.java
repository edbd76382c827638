package dev.holdfast.layers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Java file of a module, by its path from the root of the repository. */
record Source(Path path, List<String> lines) {

  /** What of a module a file belongs to. */
  enum Part {
    MAIN,
    TEST
  }

  String directory() {
    return path.getName(0).toString();
  }

  Optional<Module> module() {
    return Module.named(directory());
  }

  Part part() {
    return path.getName(2).toString().equals("main") ? Part.MAIN : Part.TEST;
  }

  /** The package that the file's directory stands for. */
  String packageName() {
    return path.subpath(4, path.getNameCount() - 1).toString().replace('/', '.');
  }

  boolean isDescriptor() {
    return path.endsWith("package-info.java") || path.endsWith("module-info.java");
  }

  boolean isIn(Part part, Module module) {
    return part() == part && directory().equals(module.directory());
  }
}
