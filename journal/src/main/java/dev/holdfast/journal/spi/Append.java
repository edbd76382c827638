package dev.holdfast.journal.spi;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Entries of one run to be written together or not at all.
 *
 * @param run the run
 * @param epoch the claim under which they are written
 * @param firstSequence the sequence of the first entry; the others follow without a gap
 * @param at when they happened
 * @param entries at least one
 * @param consumed the mail that these entries journal, removed in the same transaction
 * @param facts rows of the ledger as they are from now on, each of a fact that this run holds
 * @param release where the run stands afterwards, if this gives up the claim
 * @param gaps what a replay need not read from now on, where that changes
 */
public record Append(
    RunId run,
    long epoch,
    long firstSequence,
    Instant at,
    List<Entry> entries,
    List<Long> consumed,
    List<Fact> facts,
    Optional<Release> release,
    Optional<List<Claim.Gap>> gaps) {
  /** Copies the lists. */
  public Append {
    entries = List.copyOf(entries);
    consumed = List.copyOf(consumed);
    facts = List.copyOf(facts);
    gaps = gaps.map(List::copyOf);
  }

  /** Entries that leave what a replay reads as it is. */
  public Append(
      RunId run,
      long epoch,
      long firstSequence,
      Instant at,
      List<Entry> entries,
      List<Long> consumed,
      List<Fact> facts,
      Optional<Release> release) {
    this(run, epoch, firstSequence, at, entries, consumed, facts, release, Optional.empty());
  }
}
