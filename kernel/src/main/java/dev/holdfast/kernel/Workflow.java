package dev.holdfast.kernel;

import java.util.Set;

/**
 * Ordinary code with a name and a version whose executions are durable runs.
 *
 * <p>The body must take the same path on every replay: what is not deterministic goes through its
 * {@link Run}.
 */
public interface Workflow<I, O> {
  /** The name under which runs refer to it. */
  String name();

  /** One name without parts; incompatible code is registered under another. Default {@code 1}. */
  default String version() {
    return "1";
  }

  /** The type of its input. */
  Class<I> inputType();

  /** The type of its result. */
  Class<O> outputType();

  /** Exception types that end the run as failed; any other unexpected one quarantines it. */
  default Set<Class<? extends Exception>> failsOn() {
    return Set.of();
  }

  /** Executes, or replays, one run. */
  O execute(Run run, I input) throws Exception;

  /** Begins the definition of a workflow from a lambda. */
  static <I, O> Definition<I, O> of(String name, Class<I> input, Class<O> output) {
    return new Definition<>(name, "1", input, output, Set.of());
  }

  /** The body of a workflow. */
  @FunctionalInterface
  interface Body<I, O> {
    /** Executes, or replays, one run. */
    O execute(Run run, I input) throws Exception;
  }

  /** A workflow without its body yet. */
  record Definition<I, O>(
      String name,
      String version,
      Class<I> inputType,
      Class<O> outputType,
      Set<Class<? extends Exception>> failsOn) {
    /** Checks the name and copies the set. */
    public Definition {
      failsOn = Set.copyOf(failsOn);
      if (name.isBlank() || version.isBlank()) {
        throw new IllegalArgumentException(
            "A workflow needs a name and a version, got '%s' and '%s'.".formatted(name, version));
      }
    }

    /** The same under that version. */
    public Definition<I, O> version(String changed) {
      return new Definition<>(name, changed, inputType, outputType, failsOn);
    }

    /** The same, ending as failed on one more exception type. */
    public Definition<I, O> failsOn(Class<? extends Exception> type) {
      var types = new java.util.HashSet<Class<? extends Exception>>(failsOn);
      types.add(type);
      return new Definition<>(name, version, inputType, outputType, types);
    }

    /** The workflow with that body. */
    public Workflow<I, O> body(Body<I, O> body) {
      return new DefinedWorkflow<>(this, body);
    }
  }
}
