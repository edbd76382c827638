package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.StepPath;
import java.util.List;
import java.util.Optional;

/** Why an activation must not go on in any of its branches. */
sealed interface Stop {
  /** Something unexpected: a person must look. */
  record Quarantine(String reason, Optional<StepPath> path) implements Stop {}

  /** The run has failed. */
  record Fail(String reason, Optional<Failure> failure) implements Stop {}

  /** What the run did is to be undone. */
  record RollBack(String reason) implements Stop {}

  /** A limit was reached; these steps may have happened and nobody knows. */
  record Truncate(String limit, String facts, List<StepPath> unsettled) implements Stop {
    /** A limit was reached between two steps. */
    Truncate(String limit, String facts) {
      this(limit, facts, List.of());
    }
  }

  /** Somebody ended the run. */
  record Cancel(String who, String why) implements Stop {}

  /** The engine closes: another process, or the next start, goes on. */
  record Yield() implements Stop {}

  /** The run is no longer ours to write to: fenced, store failed or crashed. */
  record Lost() implements Stop {}
}
