package dev.holdfast.console;

import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Workflows;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Finds what a worker shall register in the jars of its user. */
final class Registrations {
  private static final String NONE =
      "There is nothing to execute: no class that implements %s was found. Name your jars with"
              .formatted(Workflows.class.getName())
          + " --class-path or HOLDFAST_CLASS_PATH, and the class in their META-INF/services/%s or"
              .formatted(Workflows.class.getName())
          + " with --workflows.";

  private final ClassLoader loader;

  private Registrations(ClassLoader loader) {
    this.loader = loader;
  }

  /** Those on this process's own class path and on the one that the user names. */
  static Registrations onClassPath(Shell shell, String given) {
    String text =
        given.isEmpty() ? shell.environment().getOrDefault("HOLDFAST_CLASS_PATH", "") : given;
    var urls = new ArrayList<URL>();
    for (String part : text.split(File.pathSeparator, -1)) {
      if (!part.isEmpty()) {
        urls.addAll(urls(shell.directory(), part));
      }
    }
    ClassLoader own = Registrations.class.getClassLoader();
    var loader = new URLClassLoader("workflows", urls.toArray(URL[]::new), own);
    // What looks for classes while a workflow runs shall find those of the user too.
    Thread.currentThread().setContextClassLoader(loader);
    return new Registrations(loader);
  }

  /** As {@code java -cp} understands it: all jars of a folder are that folder and a star. */
  private static List<URL> urls(Path directory, String part) {
    boolean isOfJars =
        part.equals("*") || part.endsWith("/*") || part.endsWith(File.separator + "*");
    Path path = directory.resolve(isOfJars ? part.substring(0, part.length() - 1) : part);
    if (!(isOfJars ? Files.isDirectory(path) : Files.exists(path))) {
      throw new Complaint(
          "The class path names %s, which does not exist. Correct --class-path."
              .formatted(path.toAbsolutePath().normalize()));
    }
    try (Stream<Path> files = isOfJars ? Files.list(path) : Stream.of(path)) {
      return files
          .filter(file -> !isOfJars || file.toString().endsWith(".jar"))
          .sorted()
          .map(Registrations::url)
          .toList();
    } catch (IOException e) {
      throw new Complaint(
          "The folder %s of the class path cannot be read (%s). Check its permissions."
              .formatted(path, e.getClass().getSimpleName()));
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new Complaint(
          "The path %s cannot be on a class path: %s.".formatted(path, e.getMessage()));
    }
  }

  /** What loads the classes of both. */
  ClassLoader loader() {
    return loader;
  }

  /** Those classes, or all that are named as services. */
  List<Workflows> load(List<String> classes) {
    try {
      List<Workflows> found =
          classes.isEmpty()
              ? ServiceLoader.load(Workflows.class, loader).stream()
                  .map(ServiceLoader.Provider::get)
                  .toList()
              : classes.stream().map(this::named).toList();
      if (found.isEmpty()) {
        throw new Complaint(NONE);
      }
      return found;
    } catch (ServiceConfigurationError broken) {
      throw new Complaint(
          "A registration on the class path cannot be used: %s. It must be a public class with a"
                  .formatted(broken.getMessage())
              + " public constructor without parameters.");
    }
  }

  private Workflows named(String name) {
    try {
      Object made = Class.forName(name, true, loader).getConstructor().newInstance();
      if (made instanceof Workflows workflows) {
        return workflows;
      }
      throw new Complaint(
          "The class %s does not implement %s. Name one that does with --workflows."
              .formatted(name, Workflows.class.getName()));
    } catch (ClassNotFoundException e) {
      throw new Complaint(
          "There is no class %s. Check --workflows and --class-path.".formatted(name));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new Complaint(
          "The class %s cannot be made (%s). It must be public, with a public constructor without"
                  .formatted(name, e)
              + " parameters, and all that it needs on the class path.");
    }
  }

  /** Lets each register what it has. */
  static void register(List<Workflows> found, Holdfast holdfast) {
    for (Workflows each : found) {
      try {
        each.register(holdfast);
      } catch (Exception e) {
        var complaint =
            new Complaint(
                "%s failed to register its workflows: %s. Nothing is executed; mend it and start"
                        .formatted(each.getClass().getName(), e)
                    + " again.");
        complaint.initCause(e);
        throw complaint;
      }
    }
  }
}
