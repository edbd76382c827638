package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import java.util.Optional;

/** How a start ended. */
public sealed interface Start {
  /** The run is new; claimed where that was asked for. */
  record Fresh(Optional<Claim> claim) implements Start {}

  /** A run with that id exists. */
  record Existing(RunState state) implements Start {}

  /** A run with that id was erased or purged since: the id stays taken, nothing was written. */
  record Gone(RunId run) implements Start {}

  /** A run with another id was started through the queue with that deduplication id before. */
  record Deduplicated(RunState state) implements Start {}

  /** The queue takes no more: nothing was written. */
  record QueueFull(Queue.Load load) implements Start {}

  /** Nobody registered that queue: nothing was written. */
  record QueueUnknown(String queue) implements Start {}
}
