package dev.holdfast.layers;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePath;
import dev.holdfast.layers.Source.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a name must not be: a drawer for anything, or a getter. */
final class NameRules {
  private static final Set<String> EMPTY_WORDS =
      Set.of("impl", "internal", "util", "utils", "common", "manager", "helper", "helpers");

  private NameRules() {}

  static List<Finding> emptyWords(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Source source : repository.sources()) {
      check(source, 1, "package " + source.packageName(), findings);
      Syntax syntax = Syntax.of(source);
      for (TreePath path : syntax.types()) {
        var type = (ClassTree) path.getLeaf();
        check(source, syntax.line(type), "type " + type.getSimpleName(), findings);
      }
    }
    return findings;
  }

  private static void check(Source source, long line, String name, List<Finding> findings) {
    Arrays.stream(name.split("[ .]|(?<=[a-z0-9])(?=[A-Z])"))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .filter(EMPTY_WORDS::contains)
        .map(word ->
            Finding.at(
                source,
                line,
                "%s has the word '%s' in its name".formatted(name, word),
                "Name it after what it is or does"))
        .forEach(findings::add);
  }

  static List<Finding> getters(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Source source : repository.sources()) {
      if (source.part() == Part.MAIN) {
        Syntax syntax = Syntax.of(source);
        syntax.methods().stream()
            .map(path -> (MethodTree) path.getLeaf())
            .filter(NameRules::isGetter)
            .map(method ->
                Finding.at(
                    source,
                    syntax.line(method),
                    "accessor " + method.getName() + " says 'get'",
                    "Leave the 'get' out"))
            .forEach(findings::add);
      }
    }
    return findings;
  }

  private static boolean isGetter(MethodTree method) {
    return method.getName().toString().matches("get[A-Z].*")
        && method.getParameters().isEmpty()
        && !Syntax.overrides(method);
  }
}
