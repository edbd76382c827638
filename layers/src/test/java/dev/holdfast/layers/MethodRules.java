package dev.holdfast.layers;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.MethodTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How long a method may be. */
final class MethodRules {
  private static final int LINES_USUAL_MAX = 15;
  private static final double USUAL_SHARE_MIN = 0.9;
  private static final int LINES_MAX = 60;
  private static final int LONGEST_SHOWN = 10;

  private MethodRules() {}

  static List<Finding> lengths(Repository repository) {
    List<Method> methods =
        repository.sources().stream()
            .flatMap(MethodRules::methods)
            .sorted(Comparator.comparingLong(Method::lines).reversed())
            .toList();
    List<Finding> findings =
        methods.stream()
            .filter(method -> method.lines() > LINES_MAX)
            .map(method -> method.finding(LINES_MAX))
            .collect(Collectors.toCollection(ArrayList::new));
    long usual = methods.stream().filter(m -> m.lines() <= LINES_USUAL_MAX).count();
    if (usual < methods.size() * USUAL_SHARE_MIN) {
      methods.stream()
          .limit(LONGEST_SHOWN)
          .map(method -> method.finding(LINES_USUAL_MAX))
          .forEach(findings::add);
      findings.add(
          new Finding(
              "all %d methods".formatted(methods.size()),
              "%d have at most %d lines, 9 of 10 must".formatted(usual, LINES_USUAL_MAX),
              "Split the longest, shown above"));
    }
    return findings;
  }

  private static Stream<Method> methods(Source source) {
    Syntax syntax = Syntax.of(source);
    return syntax.methods().stream()
        .map(path -> (MethodTree) path.getLeaf())
        .filter(method -> method.getBody() != null)
        .map(method -> Method.of(syntax, method));
  }

  /** A method's length is counted from the brace that opens its body to the one that ends it. */
  private record Method(Source source, String name, long line, long lines) {
    static Method of(Syntax syntax, MethodTree method) {
      BlockTree body = method.getBody();
      long line = syntax.line(body);
      long lines = syntax.lineOfEnd(body) - line + 1;
      return new Method(syntax.source(), method.getName().toString(), line, lines);
    }

    Finding finding(int limit) {
      String problem = "method %s has %d lines, the limit is %d".formatted(name, lines, limit);
      return Finding.at(source, line, problem, "Name a part of it and make it a method");
    }
  }
}
