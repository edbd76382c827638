package dev.holdfast.layers;

import dev.holdfast.layers.Source.Part;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How packages lie in their modules. */
final class PackageRules {
  private PackageRules() {}

  static List<Finding> knownModules(Repository repository) {
    return repository.modules().stream()
        .filter(directory -> Module.named(directory).isEmpty() && !directory.isEmpty())
        .map(directory ->
            new Finding(
                directory,
                "this module has no place among the others",
                "Say in the enum Module of the tests of layers what it stands on"))
        .toList();
  }

  static List<Finding> flatness(Repository repository) {
    return repository.sources().stream()
        .filter(source -> !allowedPackages(source).contains(source.packageName()))
        .map(source ->
            Finding.at(
                source,
                1,
                "package %s, allowed are %s"
                    .formatted(source.packageName(), allowedPackages(source)),
                "Move the file: a module is one flat package"))
        .toList();
  }

  private static List<String> allowedPackages(Source source) {
    String flat = "dev.holdfast." + source.directory().replace("-", "");
    return List.of(flat, flat + ".spi");
  }

  static List<Finding> nullMarks(Repository repository) {
    Set<String> marked =
        repository.sources().stream()
            .filter(source -> source.part() == Part.MAIN && source.isDescriptor())
            .filter(source -> Syntax.of(source).isNullMarked())
            .map(Source::packageName)
            .collect(Collectors.toSet());
    return repository.sources().stream()
        .map(Source::packageName)
        .distinct()
        .filter(name -> !marked.contains(name))
        .map(name ->
            new Finding(
                "package " + name,
                "not @NullMarked",
                "Give it a package-info.java with that annotation under src/main/java"))
        .toList();
  }
}
