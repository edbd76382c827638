package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Claim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What sealed turns cover of a run's journal: the gaps that a replay need not read. Sees every
 * entry, read or written; safe for many threads.
 *
 * <p>Only loops in the root scope leave gaps: beside them no other step of the run goes on.
 */
final class Seals {
  static final String LOOP = "turns";
  static final String TURN = "turn";

  /** So that the run's row stays small; what is beyond is read again. */
  static final int GAPS_MAX = 64;

  private final List<Claim.Gap> gaps;
  private final Set<StepPath> open = new HashSet<>();

  /** What a replay needs of the stretch since the last seal although turns cover it. */
  private final TreeSet<Long> needed = new TreeSet<>();

  private Optional<StepPath> loop = Optional.empty();
  private long stretch;
  private boolean isNeededWhole;

  Seals(List<Claim.Gap> gaps) {
    this.gaps = new ArrayList<>(gaps);
  }

  /** Takes notice of an entry that was there. */
  synchronized void read(Recorded recorded) {
    follow(recorded.sequence(), recorded.entry());
  }

  /** Takes notice of an entry that is to be written, and says what a replay may skip with it. */
  synchronized Optional<List<Claim.Gap>> written(long sequence, Entry entry) {
    if (entry instanceof Entry.TurnSealed sealed && isOfLoop(sealed)) {
      cover(sequence);
      follow(sequence, entry);
      return Optional.of(List.copyOf(gaps));
    }
    follow(sequence, entry);
    return Optional.empty();
  }

  /** Whether a step within that scope is under way, waits or is in doubt. */
  synchronized boolean isOpen(StepPath scope) {
    return open.stream().anyMatch(path -> path.isWithin(scope));
  }

  private boolean isOfLoop(Entry.TurnSealed sealed) {
    return loop.equals(Optional.of(sealed.path().parent()));
  }

  private void follow(long sequence, Entry entry) {
    if (entry instanceof Entry.OfStep ofStep) {
      noteOpen(ofStep);
    }
    if (entry instanceof Entry.TurnSealed sealed && isOfLoop(sealed)) {
      loop = sealed.last() ? Optional.empty() : loop;
      begin(sequence);
    } else if (entry instanceof Entry.ScopeOpened opened && isRootLoop(opened.path())) {
      loop = Optional.of(opened.path());
      begin(sequence + 1);
    } else if (loop.isPresent()) {
      noteNeeded(sequence, entry, loop.get());
    }
  }

  private static boolean isRootLoop(StepPath path) {
    return path.kind().equals(LOOP) && path.parent().equals(StepPath.ROOT);
  }

  private void begin(long sequence) {
    stretch = sequence;
    needed.clear();
    isNeededWhole = false;
  }

  private void noteOpen(Entry.OfStep entry) {
    boolean isOpen =
        entry instanceof Entry.EffectIntended
            || entry instanceof Entry.AttemptStarted
            || entry instanceof Entry.AttemptFailed
            || entry instanceof Entry.EffectDoubted
            || entry instanceof Entry.WaitStarted
            || entry instanceof Entry.ApprovalAsked
            || entry instanceof Entry.ChildStarted;
    if (isOpen) {
      open.add(entry.path());
    } else if (!(entry instanceof Entry.InputDrifted)) {
      open.remove(entry.path());
    }
  }

  private void noteNeeded(long sequence, Entry entry, StepPath loop) {
    if (!isCovered(entry, loop)) {
      needed.add(sequence);
    }
    isNeededWhole |=
        entry instanceof Entry.EffectDoubted
            || entry instanceof Entry.DoubtSettled
            || intent(entry).filter(fact -> fact.scope() == Intent.Scope.RUN).isPresent();
  }

  /** Who asks for a fact of this run again must find it; those of the store are in the ledger. */
  private static Optional<Intent> intent(Entry entry) {
    return switch (entry) {
      case Entry.EffectIntended intended -> intended.intent();
      case Entry.AnswerTaken taken -> taken.intent();
      default -> Optional.empty();
    };
  }

  private static boolean isCovered(Entry entry, StepPath loop) {
    if (entry instanceof Entry.OfStep ofStep) {
      boolean isKept = entry instanceof Entry.SignalTaken || SessionState.isHandedOn(ofStep.path());
      return ofStep.path().isWithin(loop) && !isKept;
    }
    return entry instanceof Entry.RunClaimed
        || entry instanceof Entry.RunParked
        || entry instanceof Entry.RunQuarantined
        || entry instanceof Entry.RunResumed;
  }

  /** Adds what lies between the needed entries, from the first on and as long as there is room. */
  private void cover(long until) {
    if (isNeededWhole) {
      return;
    }
    long from = stretch;
    needed.add(until);
    for (long kept : needed) {
      if (kept > from && !add(new Claim.Gap(from, kept))) {
        return; // what follows may need what was left out
      }
      from = kept + 1;
    }
  }

  private boolean add(Claim.Gap gap) {
    boolean isNext = !gaps.isEmpty() && gaps.getLast().until() == gap.from();
    if (isNext) {
      gaps.set(gaps.size() - 1, new Claim.Gap(gaps.getLast().from(), gap.until()));
    } else if (gaps.size() < GAPS_MAX) {
      gaps.add(gap);
    }
    return gaps.getLast().until() == gap.until();
  }
}
