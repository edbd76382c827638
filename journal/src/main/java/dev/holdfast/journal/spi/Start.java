package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunState;
import java.util.Optional;

/** How a start ended. */
public sealed interface Start {
  /** The run is new; claimed where that was asked for. */
  record Fresh(Optional<Claim> claim) implements Start {}

  /** A run with that id exists. */
  record Existing(RunState state) implements Start {}
}
