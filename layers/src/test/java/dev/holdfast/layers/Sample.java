package dev.holdfast.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A small repository that a test makes up, to see that a rule rejects what it must reject. */
record Sample(Path root) {

  Sample file(String path, String text) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, text);
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Adds a type of a module; the body is what stands after its package. */
  Sample type(String module, String name, String body) {
    return type("main", module, name, body);
  }

  Sample test(String module, String name, String body) {
    return type("test", module, name, body);
  }

  private Sample type(String part, String module, String name, String body) {
    String text = "package dev.holdfast.%s;%n%n%s%n".formatted(module.replace('/', '.'), body);
    String directory = module.replaceAll("/.*", "");
    return file(
        "%s/src/%s/java/dev/holdfast/%s/%s.java".formatted(directory, part, module, name), text);
  }

  Repository repository() {
    return new Repository(root);
  }

  /** Compiles what was added and reads the classes. */
  JavaClasses classes() {
    Path classes = root.resolve("target/classes");
    Stream<String> options = Stream.of("-proc:none", "-d", classes.toString());
    Stream<String> files =
        repository().sources().stream().map(source -> root.resolve(source.path()).toString());
    String[] arguments = Stream.concat(options, files).toArray(String[]::new);
    int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments);
    assertThat(status).as("the sample compiles").isZero();
    return new ClassFileImporter().importPath(classes);
  }

  static void expectOnly(List<Finding> findings, String... problems) {
    assertThat(findings)
        .map(Finding::toString)
        .hasSize(problems.length)
        .zipSatisfy(List.of(problems), (finding, problem) -> assertThat(finding).contains(problem));
  }
}
