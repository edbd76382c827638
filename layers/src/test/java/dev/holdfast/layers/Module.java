package dev.holdfast.layers;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A module with what it stands on; nothing points upward. */
enum Module {
  JOURNAL,
  JSON(JOURNAL),
  KERNEL(JOURNAL),
  STORE(KERNEL, JSON),
  TESTING(KERNEL, JSON),
  GAUNTLET(TESTING),
  AGENTS(STORE),
  LANGCHAIN4J_AUTO(AGENTS),
  EXAMPLES(AGENTS, GAUNTLET),
  CONSOLE(EXAMPLES),
  BENCH(EXAMPLES),
  LAYERS(CONSOLE, BENCH, LANGCHAIN4J_AUTO);

  /** The modules that others put into their programs. */
  static final Set<Module> LIBRARIES = EnumSet.range(JOURNAL, LANGCHAIN4J_AUTO);

  @SuppressWarnings("ImmutableEnumChecker") // List.of is.
  private final List<Module> below;

  Module(Module... below) {
    this.below = List.of(below);
  }

  static Optional<Module> named(String directory) {
    return Arrays.stream(values()).filter(module -> module.directory().equals(directory)).findAny();
  }

  String directory() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String packageName() {
    return "dev.holdfast." + directory().replace("-", "");
  }

  /** This module and all that it stands on, near or far. */
  Set<Module> reachable() {
    Set<Module> reachable = EnumSet.of(this);
    below.forEach(module -> reachable.addAll(module.reachable()));
    return reachable;
  }
}
