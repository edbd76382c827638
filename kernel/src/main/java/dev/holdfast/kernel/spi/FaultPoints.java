package dev.holdfast.kernel.spi;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.concurrent.Callable;

/** Where tests break things: told of every boundary, on the thread that reaches it. */
@FunctionalInterface
public interface FaultPoints {
  /** Production: nothing breaks here. */
  FaultPoints NONE = (boundary, run, path) -> {};

  /** Called when a run gets there; what it throws or does is the fault. */
  void reached(Boundary boundary, RunId run, StepPath path);

  /**
   * Stands between an effect and its target: may throw before or after the call, delay it, make it
   * twice or change its answer. Called on the thread of the call, within its timeout.
   */
  default <T> T calling(RunId run, StepPath path, Callable<T> call) throws Exception {
    return call.call();
  }
}
