package dev.holdfast.layers;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePath;
import dev.holdfast.layers.Source.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the public face of a library owes to its reader. */
final class PublicRules {
  private PublicRules() {}

  static List<Finding> documentation(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Source source : repository.sources()) {
      if (source.part() == Part.MAIN
          && source.module().filter(Module.LIBRARIES::contains).isPresent()) {
        Syntax syntax = Syntax.of(source);
        syntax.types().stream()
            .filter(Syntax::isTopLevel)
            .flatMap(path -> undocumented(syntax, path).stream())
            .forEach(findings::add);
        syntax.methods().stream()
            .flatMap(path -> undocumented(syntax, path).stream())
            .forEach(findings::add);
      }
    }
    return findings;
  }

  private static Optional<Finding> undocumented(Syntax syntax, TreePath path) {
    if (!Syntax.isPublic(path) || syntax.isDocumented(path) || isSelfEvident(path)) {
      return Optional.empty();
    }
    String name =
        path.getLeaf() instanceof MethodTree method
            ? "method " + method.getName()
            : "type " + ((ClassTree) path.getLeaf()).getSimpleName();
    return Optional.of(
        Finding.at(
            syntax.source(),
            syntax.line(path.getLeaf()),
            "public %s has no Javadoc".formatted(name),
            "Write a first sentence that defines it, or hide it"));
  }

  /** What overrides is documented above it; a constructor by its type. */
  private static boolean isSelfEvident(TreePath path) {
    return path.getLeaf() instanceof MethodTree method
        && (Syntax.overrides(method) || method.getReturnType() == null);
  }
}
