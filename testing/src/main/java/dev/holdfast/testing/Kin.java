package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The laws between a run and those that it started. */
final class Kin {
  private final Map<RunId, MemoryRun> runs;

  Kin(Map<RunId, MemoryRun> runs) {
    this.runs = runs;
  }

  /** Fails where the next entry of that run breaks a law. */
  void follow(MemoryRun run, Entry entry) {
    switch (entry) {
      case Entry.RunStarted started ->
          started.parent().ifPresent(parent -> begin(run, started, parent));
      case Entry.ChildEnded ended -> checkEnd(run, ended);
      case Entry.RunCompleted end -> checkTold(run);
      case Entry.RunCancelled end -> checkOutlived(run);
      case Entry.RunCompensated end -> checkOutlived(run);
      case Entry.RunFailed end -> checkOutlived(run);
      case Entry.CancelRequested request -> checkReason(run, request);
      default -> {}
    }
  }

  private void begin(MemoryRun run, Entry.RunStarted started, Entry.Parent from) {
    MemoryRun parent = runs.get(from.run());
    boolean isKnown = parent != null && isStartedBy(parent, run, from);
    require(isKnown, "whoever starts a run has said so before", run, from);
    Optional<Instant> outer = Optional.ofNullable(parent).flatMap(Kin::limit);
    boolean isWithin =
        outer.isEmpty() || started.deadline().filter(own -> !own.isAfter(outer.get())).isPresent();
    require(isWithin, "a child has no more time than its parent", run, started.deadline());
  }

  private static boolean isStartedBy(MemoryRun parent, MemoryRun run, Entry.Parent from) {
    return children(parent)
        .anyMatch(
            child -> child.child().equals(run.start.id()) && child.path().equals(from.path()));
  }

  /** Until when a run may go on: whoever resumes one that was late gives it all the time. */
  private static Optional<Instant> limit(MemoryRun run) {
    boolean wasLate =
        run.entries.stream().anyMatch(its -> its.entry() instanceof Entry.RunTruncated);
    return wasLate ? Optional.empty() : startOf(run).deadline();
  }

  private void checkEnd(MemoryRun run, Entry.ChildEnded ended) {
    RunId id =
        children(run)
            .filter(child -> child.path().equals(ended.path()))
            .findFirst()
            .orElseThrow()
            .child();
    MemoryRun child = runs.get(id);
    boolean isTold =
        child == null
            ? ended.end() instanceof Entry.RunCancelled
            : child.entries.stream().anyMatch(its -> its.entry().equals(ended.end()));
    require(isTold, "a child's end is the one that it came to", run, ended);
  }

  private void checkOutlived(MemoryRun run) {
    children(run)
        .filter(this::isOpen)
        .filter(open -> !isHeard(run, open))
        .forEach(open -> require(false, "a child does not outlive its parent", run, open));
  }

  private boolean isOpen(Entry.ChildStarted started) {
    MemoryRun child = runs.get(started.child());
    return child != null && !child.status.isEnded();
  }

  /** Who lost a race need not have ended by then, but was told to. */
  private void checkTold(MemoryRun run) {
    children(run)
        .filter(this::isOpen)
        .forEach(open ->
            require(
                isHeard(run, open) || isTold(run, open),
                "a child does not outlive its parent untold",
                run,
                open));
  }

  /** One that ended may be open again: a person has it undone. */
  private static boolean isHeard(MemoryRun run, Entry.ChildStarted open) {
    return run.entries.stream()
        .anyMatch(its ->
            its.entry() instanceof Entry.ChildEnded ended && ended.path().equals(open.path()));
  }

  private static boolean isTold(MemoryRun run, Entry.ChildStarted open) {
    return run.entries.stream()
        .anyMatch(its ->
            its.entry() instanceof Entry.ChildCancelled told && told.path().equals(open.path()));
  }

  /** Another run cancels its child only where it needs it no more. */
  private void checkReason(MemoryRun run, Entry.CancelRequested request) {
    Optional<Entry.Parent> from = startOf(run).parent();
    if (from.isPresent() && request.who().equals("run " + from.get().run())) {
      MemoryRun parent = runs.get(from.get().run());
      boolean isNeedless =
          parent != null
              && parent.entries.stream().anyMatch(its -> isReason(its.entry(), from.get().path()));
      require(isNeedless, "a child is cancelled where its parent needs it no more", run, request);
    }
  }

  private static boolean isReason(Entry entry, StepPath path) {
    return entry instanceof Entry.CancelRequested
        || entry instanceof Entry.RollbackStarted
        || (entry instanceof Entry.RaceWon won
            && path.isWithin(won.path())
            && !path.isWithin(won.path().branch(won.label())));
  }

  private static Entry.RunStarted startOf(MemoryRun run) {
    return (Entry.RunStarted) run.entries.getFirst().entry();
  }

  private static Stream<Entry.ChildStarted> children(MemoryRun run) {
    return run.entries.stream()
        .map(recorded -> recorded.entry())
        .filter(Entry.ChildStarted.class::isInstance)
        .map(Entry.ChildStarted.class::cast);
  }

  private static void require(boolean holds, String law, MemoryRun run, Object what) {
    if (!holds) {
      throw new AssertionError("%s: run %s, %s".formatted(law, run.start.id(), what));
    }
  }
}
