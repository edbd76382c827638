package dev.holdfast.layers;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The syntax tree of one source file, as the compiler's own parser reads it. */
record Syntax(Source source, CompilationUnitTree unit, DocTrees trees) {

  static Syntax of(Source source) {
    var problems = new DiagnosticCollector<JavaFileObject>();
    var task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, List.of("-proc:none"), null, List.of(text(source)));
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      if (!problems.getDiagnostics().isEmpty()) {
        throw new IllegalStateException(source.path() + ": " + problems.getDiagnostics());
      }
      return new Syntax(source, unit, DocTrees.instance(task));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Every type in the file, nested ones too. */
  List<TreePath> types() {
    return paths(ClassTree.class);
  }

  /** Every method and constructor in the file. */
  List<TreePath> methods() {
    return paths(MethodTree.class);
  }

  long line(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
  }

  long lineOfEnd(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree));
  }

  boolean isDocumented(TreePath path) {
    String comment = trees.getDocComment(path);
    return comment != null && !comment.isBlank();
  }

  boolean isNullMarked() {
    return unit.getPackageAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().endsWith("NullMarked"));
  }

  static boolean isTopLevel(TreePath type) {
    return type.getParentPath().getParentPath() == null;
  }

  /** True where a user of the module can reach the type or method. */
  static boolean isPublic(TreePath path) {
    TreePath parent = path.getParentPath();
    Set<Modifier> modifiers = modifiers(path.getLeaf());
    boolean isOfInterface = parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
    boolean isOpen =
        modifiers.contains(Modifier.PUBLIC)
            || (isOfInterface && !modifiers.contains(Modifier.PRIVATE));
    return isOpen && (!(parent.getLeaf() instanceof ClassTree) || isPublic(parent));
  }

  private static Set<Modifier> modifiers(Tree tree) {
    return switch (tree) {
      case ClassTree type -> type.getModifiers().getFlags();
      case MethodTree method -> method.getModifiers().getFlags();
      default -> Set.of();
    };
  }

  static boolean overrides(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
  }

  private List<TreePath> paths(Class<? extends Tree> wanted) {
    List<TreePath> paths = new ArrayList<>();
    new TreePathScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        if (tree != null && wanted.isInstance(tree)) {
          paths.add(new TreePath(getCurrentPath(), tree));
        }
        return super.scan(tree, null);
      }
    }.scan(unit, null);
    return paths;
  }

  private static JavaFileObject text(Source source) {
    String name = source.path().toString().replaceAll("[^A-Za-z0-9]", "_").toLowerCase(Locale.ROOT);
    URI uri = URI.create("memory:///" + name + JavaFileObject.Kind.SOURCE.extension);
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return String.join("\n", source.lines());
      }
    };
  }
}
