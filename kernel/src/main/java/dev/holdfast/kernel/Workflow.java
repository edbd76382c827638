package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** How a rollback undoes effects, each under a name that they refer to. */
  default List<Undo<?, ?>> undos() {
    return List.of();
  }

  /** What becomes of a run that fails; default {@link OnFailure#END}. */
  default OnFailure onFailure() {
    return OnFailure.END;
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

  /** What becomes of a run that fails. */
  enum OnFailure {
    /** It ends as failed; what it did stands. */
    END,
    /**
     * What it did is undone, the last first. Every effect but a read must say by what, or why not.
     */
    ROLL_BACK
  }

  /**
   * How a rollback undoes an effect; an effect itself, with intent, attempts and outcome.
   *
   * @param name what effects refer to it by
   * @param inputType the type of the effect's input
   * @param resultType the type of the effect's result
   * @param contract what a repeat of the undo would do: idempotent, keyed or once
   * @param body undoes it
   */
  record Undo<I, O>(
      String name,
      Class<I> inputType,
      Class<O> resultType,
      Contract contract,
      Undo.Body<I, O> body) {
    /** Checks the name and the contract. */
    public Undo {
      StepPath.ROOT.child("undo", name, 0);
      switch (contract) {
        case IDEMPOTENT, KEYED, ONCE -> {}
        case READ, TRANSACTIONAL, VERIFIED ->
            throw new IllegalArgumentException(
                "The undo '%s' is %s. Make it IDEMPOTENT, KEYED or ONCE."
                    .formatted(name, contract));
      }
    }

    /** What undoes an effect. */
    @FunctionalInterface
    public interface Body<I, O> {
      /**
       * Undoes it; an exception is classified as that of an effect.
       *
       * @param key the undo's own key, the same on every attempt
       * @param input what the effect was asked with
       * @param result what it returned; empty where nobody knows whether it happened, or where it
       *     returned null
       */
      void undo(IdempotencyKey key, I input, Optional<O> result) throws Exception;
    }
  }

  /** Begins the definition of a workflow from a lambda. */
  static <I, O> Definition<I, O> of(String name, Class<I> input, Class<O> output) {
    return new Definition<>(name, "1", input, output, Set.of(), List.of(), OnFailure.END, Map.of());
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
      List<Undo<?, ?>> undos,
      OnFailure onFailure,
      Map<String, String> manifest) {
    /** Checks the name and copies the collections. */
    public Definition {
      failsOn = Set.copyOf(failsOn);
      undos = List.copyOf(undos);
      manifest = Map.copyOf(manifest);
      if (name.isBlank() || version.isBlank()) {
        throw new IllegalArgumentException(
            "A workflow needs a name and a version, got '%s' and '%s'.".formatted(name, version));
      }
    }

    /** The same under that version. */
    public Definition<I, O> version(String changed) {
      return new Definition<>(
          name, changed, inputType, outputType, failsOn, undos, onFailure, manifest);
    }

    /** The same, ending as failed on one more exception type. */
    public Definition<I, O> failsOn(Class<? extends Exception> type) {
      var types = new HashSet<Class<? extends Exception>>(failsOn);
      types.add(type);
      return new Definition<>(
          name, version, inputType, outputType, types, undos, onFailure, manifest);
    }

    /** The same, with one more way to undo effects; one whose repeat is answered by its target. */
    public <A, B> Definition<I, O> undo(
        String name, Class<A> inputType, Class<B> resultType, Undo.Body<A, B> body) {
      return undo(new Undo<>(name, inputType, resultType, Contract.KEYED, body));
    }

    /** The same, with one more way to undo effects. */
    public Definition<I, O> undo(Undo<?, ?> undo) {
      var changed = new ArrayList<>(undos);
      changed.add(undo);
      return new Definition<>(
          name, version, inputType, outputType, failsOn, changed, onFailure, manifest);
    }

    /** The same, with that to become of a run that fails. */
    public Definition<I, O> onFailure(OnFailure changed) {
      return new Definition<>(
          name, version, inputType, outputType, failsOn, undos, changed, manifest);
    }

    /** The same with one more value in its {@link Workflow#manifest}. */
    public Definition<I, O> manifest(String name, String value) {
      var more = new HashMap<>(manifest);
      more.put(name, value);
      return new Definition<>(
          this.name, version, inputType, outputType, failsOn, undos, onFailure, more);
    }

    /** The workflow with that body. */
    public Workflow<I, O> body(Body<I, O> body) {
      return new DefinedWorkflow<>(this, body);
    }
  }
}
