package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * A run's request for a fact of the ledger: one entry, chosen by what the ledger holds.
 *
 * @param run the run
 * @param epoch the claim under which it is written
 * @param sequence the sequence of the entry
 * @param at when it was asked
 * @param fact the fact's name
 * @param decide chooses the entry from the fact's row, if there is one; pure, may be asked again
 */
public record Reservation(
    RunId run,
    long epoch,
    long sequence,
    Instant at,
    String fact,
    Function<Optional<Fact>, Decision> decide) {
  /**
   * What is written.
   *
   * @param entry the run's entry
   * @param fact the fact's row from now on; empty where it stays as it is
   */
  public record Decision(Entry entry, Optional<Fact> fact) {}
}
