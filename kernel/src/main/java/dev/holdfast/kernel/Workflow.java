package dev.holdfast.kernel;

import java.util.HashMap;
import java.util.Map;
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

  /**
   * What its runs are executed with beside this code, such as digests of prompts and tool schemas
   * or the names of models, by name; the same at every call. Pinned at a run's start; where a run
   * goes on with another one, the difference is journaled and its recorded outcomes stand. Shown by
   * {@code holdfast show}, so nothing secret belongs there.
   *
   * <p>At most 200 names of 1 to 100 characters, with values of at most 200. Default nothing.
   */
  default Map<String, String> manifest() {
    return Map.of();
  }

  /** Executes, or replays, one run. */
  O execute(Run run, I input) throws Exception;

  /** Begins the definition of a workflow from a lambda. */
  static <I, O> Definition<I, O> of(String name, Class<I> input, Class<O> output) {
    return new Definition<>(name, "1", input, output, Set.of(), Map.of());
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
      Set<Class<? extends Exception>> failsOn,
      Map<String, String> manifest) {
    /** Checks the name and copies the collections. */
    public Definition {
      failsOn = Set.copyOf(failsOn);
      manifest = Map.copyOf(manifest);
      if (name.isBlank() || version.isBlank()) {
        throw new IllegalArgumentException(
            "A workflow needs a name and a version, got '%s' and '%s'.".formatted(name, version));
      }
    }

    /** The same under that version. */
    public Definition<I, O> version(String changed) {
      return new Definition<>(name, changed, inputType, outputType, failsOn, manifest);
    }

    /** The same, ending as failed on one more exception type. */
    public Definition<I, O> failsOn(Class<? extends Exception> type) {
      var types = new java.util.HashSet<Class<? extends Exception>>(failsOn);
      types.add(type);
      return new Definition<>(name, version, inputType, outputType, types, manifest);
    }

    /** The same with one more value in its {@link Workflow#manifest}. */
    public Definition<I, O> manifest(String name, String value) {
      var more = new HashMap<>(manifest);
      more.put(name, value);
      return new Definition<>(this.name, version, inputType, outputType, failsOn, more);
    }

    /** The workflow with that body. */
    public Workflow<I, O> body(Body<I, O> body) {
      return new DefinedWorkflow<>(this, body);
    }
  }
}
