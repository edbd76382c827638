package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.kernel.spi.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run's journal, arranged for replay: each step's story and each scope's order. */
final class History {
  /** The limit of a run that is over its time. */
  static final String DEADLINE = "deadline";

  /**
   * How a run began as another one.
   *
   * @param terms what was said of the effects after the cut
   * @param sequence where the entry stands: what is before it belongs to the source
   */
  record Fork(Entry.RunForked terms, long sequence) {}

  private final Map<StepPath, StepHistory> steps = new LinkedHashMap<>();
  private final Map<StepPath, List<StepPath>> orders = new LinkedHashMap<>();
  private final Map<StepPath, Entry.TurnSealed> seals = new HashMap<>();
  private Payload input = Payload.NULL;
  private Optional<Instant> deadline = Optional.empty();
  private Optional<Entry.Parent> parent = Optional.empty();
  private Map<String, String> manifest = Map.of();
  private final Map<StepPath, Entry.AnswerTaken> answers = new HashMap<>();
  private final Map<String, Entry.SignalReceived> signals = new LinkedHashMap<>();
  private final Set<String> takenSignals = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private Optional<Fork> fork = Optional.empty();
  private Optional<Entry.RollbackStarted> rollback = Optional.empty();
  private Optional<Entry.RunQuarantined> quarantine = Optional.empty();
  private Optional<Entry.CancelRequested> cancel = Optional.empty();
  private boolean atDeadline;

  /** What is recorded of a run that was accepted a moment ago, without reading it back. */
  static Optional<History> begun(NewRun run, Claim claim) {
    if (claim.nextSequence() != 1) {
      return Optional.empty();
    }
    var history = new History();
    history.apply(new Recorded(0, claim.epoch(), run.at(), run.started()));
    return Optional.of(history);
  }

  void apply(Recorded recorded) {
    switch (recorded.entry()) {
      case Entry.RunStarted started -> {
        input = started.input();
        deadline = started.deadline();
        parent = started.parent();
        manifest = started.manifest();
      }
      case Entry.ManifestChanged changed -> manifest = Manifest.after(manifest, changed);
      case Entry.TurnSealed seal -> seals.put(seal.path().parent(), seal);
      case Entry.OfStep entry -> {
        step(entry.path()).apply(recorded);
        if (entry instanceof Entry.DoubtSettled settled && Rollback.isUndo(settled.path())) {
          quarantine = Optional.empty(); // a person finished what had brought the run to a halt
        }
        if (entry instanceof Entry.SignalTaken signal) {
          takenSignals.add(Signals.nameOf(signal.path().name(), signal.id()));
        }
      }
      case Entry.RollbackStarted started -> {
        rollback = rollback.or(() -> Optional.of(started));
        quarantine = Optional.empty(); // the code that met it is not executed any more
      }
      case Entry.RunCompensated compensated -> {}
      case Entry.RunForked forked -> fork = Optional.of(new Fork(forked, recorded.sequence()));
      case Entry.AnswerKept kept -> answers.put(kept.answer().path(), kept.answer());
      case Entry.RunClaimed claimed -> steps.values().forEach(step -> step.apply(recorded));
      case Entry.RunQuarantined quarantined -> quarantine = Optional.of(quarantined);
      case Entry.RunResumed resumed -> resumed(recorded);
      case Entry.RunParked parked -> {}
      case Entry.MessageRefused refusal -> refused.add(refusal.message());
      case Entry.SignalReceived signal ->
          signals.put(Signals.nameOf(signal.name(), signal.id()), signal);
      case Entry.CancelRequested request -> cancel = cancel.or(() -> Optional.of(request));
      case Entry.RunCancelled cancelled -> {}
      case Entry.RunCompleted completed -> {}
      case Entry.RunFailed failed -> {}
      case Entry.RunTruncated truncated -> atDeadline = truncated.limit().equals(DEADLINE);
      case Entry.RunErased erased -> {}
    }
  }

  private void resumed(Recorded recorded) {
    deadline = atDeadline ? Optional.empty() : deadline; // who resumes it knows that it is late
    quarantine
        .flatMap(Entry.RunQuarantined::path)
        .filter(path -> isLast(path) || Rollback.isUndo(path))
        .flatMap(this::find)
        .filter(
            step -> !Rollback.isRefusedUndo(step)) // it is followed by another, under its own key
        .ifPresent(step -> step.apply(recorded));
    quarantine = Optional.empty();
  }

  /** What the run did next once that scope had ended; empty where it may not have ended yet. */
  Optional<StepPath> after(StepPath scope) {
    for (StepPath at = scope; !at.equals(StepPath.ROOT); at = at.parent()) {
      List<StepPath> siblings = order(at.parent());
      boolean isRecorded = steps.containsKey(at) || orders.containsKey(at);
      if (isRecorded && !siblings.isEmpty() && !siblings.getLast().equals(at)) {
        int next = siblings.indexOf(at) + 1;
        if (next > 0) {
          return Optional.of(siblings.get(next));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the run has done nothing since that another outcome of that step would contradict. */
  boolean isLast(StepPath path) {
    for (StepPath at = path; !at.equals(StepPath.ROOT); at = at.parent()) {
      List<StepPath> siblings = order(at.parent());
      if (!siblings.isEmpty() && !siblings.getLast().equals(at)) {
        return false;
      }
    }
    return true;
  }

  private StepHistory step(StepPath path) {
    StepHistory known = steps.get(path);
    if (known != null) {
      return known;
    }
    var fresh = new StepHistory(path);
    steps.put(path, fresh);
    noteOrder(path);
    return fresh;
  }

  /** A turn has no entry of its own before its seal, and counts from its first step on. */
  private void noteOrder(StepPath path) {
    StepPath scope = path.parent();
    orders.computeIfAbsent(scope, none -> new ArrayList<>()).add(path);
    if (scope.kind().equals(Seals.TURN)
        && (order(scope.parent()).isEmpty() || !order(scope.parent()).getLast().equals(scope))) {
      noteOrder(scope);
    }
  }

  /** The last turn of that loop that was sealed, if any was. */
  Optional<Entry.TurnSealed> sealed(StepPath loop) {
    return Optional.ofNullable(seals.get(loop));
  }

  /** What the journal holds of that step, if anything. */
  Optional<StepHistory> find(StepPath path) {
    return Optional.ofNullable(steps.get(path));
  }

  /** The recorded steps of a scope in the order in which it reached them. */
  List<StepPath> order(StepPath scope) {
    return orders.getOrDefault(scope, List.of());
  }

  Collection<StepHistory> steps() {
    return steps.values();
  }

  /** Why the run is being undone, if it is. */
  Optional<Entry.RollbackStarted> rollback() {
    return rollback;
  }

  /** Where the run began as another one, if it did. */
  Optional<Fork> fork() {
    return fork;
  }

  /** What that step of the run's source came to after the cut, if it is kept. */
  Optional<Entry.AnswerTaken> kept(StepPath path) {
    return Optional.ofNullable(answers.get(path));
  }

  /** The answers that are kept of the run's source. */
  Collection<Entry.AnswerTaken> kept() {
    return answers.values();
  }

  /** What the run was executed with last. */
  Map<String, String> manifest() {
    return manifest;
  }

  /** Why the run stands quarantined, unless somebody resumed it since. */
  Optional<Entry.RunQuarantined> quarantine() {
    return quarantine;
  }

  /** Who wants the run to end, if anybody. */
  Optional<Entry.CancelRequested> cancel() {
    return cancel;
  }

  /** The signals that arrived, taken or not, in that order. */
  List<Entry.SignalReceived> signals() {
    return List.copyOf(signals.values());
  }

  /** Whether a signal came before that is described so. */
  boolean hasReceived(String message) {
    return signals.containsKey(message);
  }

  /** Whether a signal was taken by a step that is described so. */
  boolean isTaken(String message) {
    return takenSignals.contains(message);
  }

  /** Whether a message was refused that is described so. */
  boolean isRefused(String message) {
    return refused.contains(message);
  }

  /** When the run ends at the latest, if ever; what is undone takes the time that it takes. */
  Optional<Instant> deadline() {
    return rollback.isPresent() ? Optional.empty() : deadline;
  }

  /** Whether the run's time is up. */
  boolean isOverdue(Clock clock) {
    return deadline().filter(due -> !clock.now().isBefore(due)).isPresent();
  }

  /** The step that the run was started by, if any. */
  Optional<Entry.Parent> parent() {
    return parent;
  }

  Payload input() {
    return input;
  }
}
