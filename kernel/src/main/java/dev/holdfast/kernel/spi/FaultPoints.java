package dev.holdfast.kernel.spi;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;

/** Where tests break things: told of every boundary, on the thread that reaches it. */
@FunctionalInterface
public interface FaultPoints {
  /** Production: nothing breaks here. */
  FaultPoints NONE = (boundary, run, path) -> {};

  /** Called when a run gets there; what it throws or does is the fault. */
  void reached(Boundary boundary, RunId run, StepPath path);
}
