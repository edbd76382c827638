package dev.holdfast.layers;

import com.sun.source.tree.ClassTree;
import dev.holdfast.layers.Source.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How large a package and a module may grow, and how much of it is tests. */
final class SizeRules {
  private static final int PUBLIC_TYPES_MAX = 15;
  private static final int KERNEL_LINES_MAX = 11_000;

  private SizeRules() {}

  static List<Finding> publicTypes(Repository repository) {
    Map<String, List<String>> types = new TreeMap<>();
    for (Source source : repository.sources()) {
      if (source.part() == Part.MAIN) {
        List<String> names = types.computeIfAbsent(source.packageName(), name -> new ArrayList<>());
        Syntax.of(source).types().stream()
            .filter(Syntax::isTopLevel)
            .filter(Syntax::isPublic)
            .forEach(path -> names.add(((ClassTree) path.getLeaf()).getSimpleName().toString()));
      }
    }
    return types.entrySet().stream()
        .filter(entry -> entry.getValue().size() > PUBLIC_TYPES_MAX)
        .map(entry ->
            new Finding(
                "package " + entry.getKey(),
                "%d public top-level types, the limit is %d: %s"
                    .formatted(entry.getValue().size(), PUBLIC_TYPES_MAX, entry.getValue()),
                "Hide what no user must name, nest the cases of a sealed type in it"))
        .toList();
  }

  static List<Finding> testLines(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Module module : List.of(Module.JOURNAL, Module.KERNEL, Module.STORE)) {
      long main = lines(repository, Part.MAIN, module);
      long test = lines(repository, Part.TEST, module);
      // The kernel's simulations need the tools of `testing` and therefore stand there.
      test += module == Module.KERNEL ? lines(repository, Part.TEST, Module.TESTING) : 0;
      test += module == Module.JOURNAL ? contractLines(repository) : 0;
      if (test < main) {
        findings.add(
            new Finding(
                module.directory(),
                "%d lines of tests, the least is its %d lines of code".formatted(test, main),
                "Test what is not tested yet"));
      }
    }
    return findings;
  }

  static List<Finding> kernelSize(Repository repository) {
    long lines = lines(repository, Part.MAIN, Module.KERNEL);
    return lines <= KERNEL_LINES_MAX
        ? List.of()
        : List.of(
            new Finding(
                "kernel",
                "%d lines of code, the limit is %d".formatted(lines, KERNEL_LINES_MAX),
                "Remove or move up what the kernel can do without"));
  }

  /** Suites with the laws of the journal, which every store runs; `testing` ships them. */
  private static long contractLines(Repository repository) {
    return repository.sources().stream()
        .filter(source -> source.isIn(Part.MAIN, Module.TESTING))
        .filter(source -> source.path().toString().endsWith("Contract.java"))
        .mapToLong(source -> source.lines().size())
        .sum();
  }

  private static long lines(Repository repository, Part part, Module module) {
    return repository.sources().stream()
        .filter(source -> source.isIn(part, module) && !source.isDescriptor())
        .mapToLong(source -> source.lines().size())
        .sum();
  }
}
