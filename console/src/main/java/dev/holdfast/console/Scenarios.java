package dev.holdfast.console;

import dev.holdfast.gauntlet.Scenario;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The agents on the class path that can be put through the gauntlet. */
final class Scenarios {
  private final ClassLoader loader;
  private final Map<String, Scenario<?>> byName = new TreeMap<>();

  Scenarios(ClassLoader loader) {
    this.loader = loader;
    try {
      for (Scenario<?> each : ServiceLoader.load(Scenario.class, loader)) {
        byName.put(name(each.getClass()), each);
      }
    } catch (ServiceConfigurationError broken) {
      throw new Complaint(
          "A scenario on the class path cannot be used: %s. It must be a public class with a"
                  .formatted(broken.getMessage())
              + " public constructor without parameters.");
    }
  }

  /** A class's name in words, without what says that it is a scenario. */
  static String name(Class<?> type) {
    return type.getSimpleName()
        .replaceAll("Scenario$", "")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** What can be named. */
  String known() {
    return byName.isEmpty() ? "none" : String.join(", ", byName.keySet());
  }

  /** The one of that name, or of that class. */
  Scenario<?> named(String agent) {
    return Optional.<Scenario<?>>ofNullable(byName.get(agent)).orElseGet(() -> ofClass(agent));
  }

  private Scenario<?> ofClass(String agent) {
    try {
      Object made = Class.forName(agent, true, loader).getConstructor().newInstance();
      if (made instanceof Scenario<?> scenario) {
        return scenario;
      }
      throw new Complaint(
          "The class %s does not implement %s.".formatted(agent, Scenario.class.getName()));
    } catch (ClassNotFoundException e) {
      throw new Complaint(
          "There is no agent '%s'; these can be named: %s, and classes that implement %s."
              .formatted(Phrases.visible(agent), known(), Scenario.class.getName()));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new Complaint(
          "The class %s cannot be made (%s). It must be public, with a public constructor without"
                  .formatted(agent, e)
              + " parameters.");
    }
  }
}
