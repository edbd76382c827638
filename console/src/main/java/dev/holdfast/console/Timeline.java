package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The history of one run as bands: one for each time that a worker held the run.
 *
 * @param startedAt when the run was accepted
 * @param bands in the order of the claims
 */
record Timeline(Instant startedAt, List<Band> bands) {
  /** How a worker came to hold the run no longer. */
  enum Ending {
    /** It gave the run up until something happens. */
    PARKED,
    /** The run ended. */
    ENDED,
    /** It stopped in the middle: killed, or closed. */
    GONE,
    /** Nobody held it: the run began with the record of another. */
    COPIED,
    /** It still holds the run, as far as the store knows. */
    HOLDS
  }

  /**
   * What happened while one worker held the run.
   *
   * @param worker empty where it left no name: who starts a run need not write one, and who died at
   *     once could not
   */
  record Band(
      long epoch,
      Optional<String> worker,
      Instant from,
      Instant until,
      Ending ending,
      List<Item> items) {}

  /** What a band holds about one step, or one entry about the run itself where there is no path. */
  record Item(Optional<StepPath> path, List<Recorded> events) {}

  static Timeline of(RunState run, List<Recorded> entries) {
    var claims = new TreeMap<Long, List<Recorded>>();
    for (long epoch = 1; epoch <= run.epoch(); epoch++) {
      claims.put(epoch, new ArrayList<>());
    }
    for (Recorded recorded : entries) {
      if (recorded.epoch() > 0 || recorded.sequence() > 0) {
        claims.computeIfAbsent(recorded.epoch(), epoch -> new ArrayList<>()).add(recorded);
      }
    }
    var bands = new ArrayList<Band>();
    Instant at = run.startedAt();
    for (var claim : claims.entrySet()) {
      boolean isLast = claim.getKey().equals(claims.lastKey());
      boolean isHeld = isLast && run.status() == Status.EXECUTING;
      bands.add(band(claim.getKey(), claim.getValue(), at, isHeld));
      at = bands.getLast().until();
    }
    return new Timeline(run.startedAt(), List.copyOf(bands));
  }

  private static Band band(long epoch, List<Recorded> entries, Instant before, boolean isHeld) {
    if (entries.isEmpty()) {
      return new Band(
          epoch, Optional.empty(), before, before, isHeld ? Ending.HOLDS : Ending.GONE, List.of());
    }
    Recorded first = entries.getFirst();
    Recorded last = entries.getLast();
    Optional<String> worker =
        first.entry() instanceof Entry.RunClaimed claimed
            ? Optional.of(claimed.worker())
            : Optional.empty();
    Ending ending = epoch == 0 ? Ending.COPIED : isHeld ? Ending.HOLDS : ending(last.entry());
    return new Band(epoch, worker, first.at(), last.at(), ending, items(entries));
  }

  private static List<Item> items(List<Recorded> entries) {
    var items = new ArrayList<Item>();
    var steps = new LinkedHashMap<StepPath, Item>();
    for (Recorded recorded : entries) {
      if (isSilent(recorded.entry())) {
        continue;
      }
      if (!(recorded.entry() instanceof Entry.OfStep ofStep)) {
        items.add(new Item(Optional.empty(), List.of(recorded)));
        continue;
      }
      Item step = steps.get(ofStep.path());
      if (step == null) {
        step = new Item(Optional.of(ofStep.path()), new ArrayList<>());
        steps.put(ofStep.path(), step);
        items.add(step);
      }
      step.events().add(recorded);
    }
    return List.copyOf(items);
  }

  /** Entries that tell people nothing that the band itself does not. */
  private static boolean isSilent(Entry entry) {
    return entry instanceof Entry.RunClaimed
        || entry instanceof Entry.AnswerKept
        || (entry instanceof Entry.ScopeOpened opened && opened.branches().isEmpty());
  }

  private static Ending ending(Entry last) {
    return switch (last) {
      case Entry.RunParked parked -> Ending.PARKED;
      case Entry.RunQuarantined quarantined -> Ending.PARKED;
      case Entry.RunCompleted completed -> Ending.ENDED;
      case Entry.RunFailed failed -> Ending.ENDED;
      case Entry.RunCancelled cancelled -> Ending.ENDED;
      case Entry.RunTruncated truncated -> Ending.ENDED;
      case Entry.RunErased erased -> Ending.ENDED;
      case Entry.RunCompensated undone -> Ending.ENDED;
      case Entry.RollbackStarted started -> Ending.GONE;
      case Entry.RunStarted started -> Ending.GONE;
      case Entry.RunForked forked -> Ending.GONE;
      case Entry.AnswerKept kept -> Ending.GONE;
      case Entry.RunClaimed claimed -> Ending.GONE;
      case Entry.RunResumed resumed -> Ending.GONE;
      case Entry.MessageRefused refused -> Ending.GONE;
      case Entry.SignalReceived signal -> Ending.GONE;
      case Entry.CancelRequested request -> Ending.GONE;
      case Entry.ManifestChanged changed -> Ending.GONE;
      case Entry.OfStep ofStep -> Ending.GONE;
    };
  }
}
