package dev.holdfast.kernel;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.NewRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the beginning of a run out of the record of another. */
final class Forking {
  private final JournalReader journal;
  private final RunState source;
  private final StepPath at;
  private final History whole = new History();
  private final History before = new History();
  private final List<Entry> copied = new ArrayList<>();
  private final Map<StepPath, StepHistory> after = new LinkedHashMap<>();

  private Forking(JournalReader journal, RunState source, StepPath at) {
    this.journal = journal;
    this.source = source;
    this.at = at;
  }

  /**
   * Reads the source and cuts it before the first entry of that step.
   *
   * @throws RunException.ForkRefused where it has no such step
   */
  static Forking of(JournalReader journal, RunState source, StepPath at) {
    var forking = new Forking(journal, source, at);
    Preparation.pages(journal, source.id(), forking::read);
    if (forking.after.isEmpty()) {
      throw forking.refused("it has no step '%s'. `holdfast show` lists them.".formatted(at));
    }
    return forking;
  }

  private void read(Recorded recorded) {
    whole.apply(recorded);
    Entry entry = recorded.entry();
    boolean isCut = !after.isEmpty();
    if (entry instanceof Entry.OfStep undo && Rollback.isUndo(undo.path())) {
      return; // what was undone belongs to the source
    }
    if (entry instanceof Entry.OfStep ofStep && (isCut || ofStep.path().equals(at))) {
      after.computeIfAbsent(ofStep.path(), path -> whole.find(path).orElseThrow());
    } else if (!isCut) {
      before.apply(recorded);
      if (isCopied(entry)) {
        copied.add(entry);
      }
    }
  }

  /** What the source's workers and callers did is not the fork's; what its steps came to is. */
  private static boolean isCopied(Entry entry) {
    return entry instanceof Entry.OfStep
        || entry instanceof Entry.SignalReceived
        || entry instanceof Entry.AnswerKept;
  }

  /** The effects after the cut that a repeat could do harm with, in the order of their steps. */
  List<Client.Fork.Sent> sent() {
    return after.values().stream().flatMap(step -> sent(step).stream()).toList();
  }

  private Optional<Client.Fork.Sent> sent(StepHistory step) {
    Optional<Entry.Call> call = step.call().filter(asked -> isHarmful(asked.contract()));
    Optional<Payload> result = result(step);
    boolean isSent = step.key().isPresent() && (result.isPresent() || Ledger.mayHaveHappened(step));
    boolean isGlobal =
        step.intent().filter(each -> each.scope() == Intent.Scope.GLOBAL).isPresent();
    return call.filter(asked -> isSent && !isGlobal) // the ledger answers the others
        .map(asked ->
            new Client.Fork.Sent(
                step.path(), asked.contract(), asked.input(), result, isUndone(step)));
  }

  private boolean isUndone(StepHistory step) {
    return Rollback.isUndone(whole, step);
  }

  private static boolean isHarmful(Contract contract) {
    return switch (contract) {
      case READ, IDEMPOTENT -> false;
      case KEYED, TRANSACTIONAL, VERIFIED, ONCE -> true;
    };
  }

  private static Optional<Payload> result(StepHistory step) {
    return switch (step.state()) {
      case StepHistory.State.Done done -> Optional.of(done.result());
      case StepHistory.State.LeftUnknown(String reason, Optional<Verdict> learned)
          when learned.isPresent() && learned.get() instanceof Verdict.Happened happened ->
          Optional.of(happened.result());
      default -> Optional.empty();
    };
  }

  /** The new run as it is to be accepted. */
  NewRun run(RunId id, Client.Fork fork, Instant now) {
    check(fork);
    List<Entry> entries = new ArrayList<>(copied);
    entries.removeIf(entry -> entry instanceof Entry.OfChild child && isNotHeard(child.path()));
    for (StepHistory step : after.values()) {
      if (choice(fork, step.path()) == Client.Fork.Choice.ADOPT) {
        answer(step).map(Entry.AnswerKept::new).ifPresent(entries::add);
      }
    }
    entries.add(terms(fork));
    var started =
        new Entry.RunStarted(
            source.workflow(),
            fork.version().orElse(source.version()),
            whole.input(),
            source.inputDigest(),
            Optional.empty(),
            Optional.empty(),
            whole.manifest());
    return new NewRun(
        id, started, now, now, Optional.empty(), Optional.empty(), Optional.empty(), entries);
  }

  /**
   * Whether that step is in a branch that lost its race before the cut, and its run's end is open.
   */
  private boolean isNotHeard(StepPath step) {
    return before.find(step).orElseThrow().state() instanceof StepHistory.State.Running
        && isLost(step);
  }

  private boolean isLost(StepPath path) {
    return !path.equals(StepPath.ROOT)
        && (isLost(path.parent())
            || before
                .find(path.parent())
                .flatMap(StepHistory::winner)
                .filter(first -> !path.equals(path.parent().branch(first)))
                .isPresent());
  }

  private static Client.Fork.Choice choice(Client.Fork fork, StepPath path) {
    return fork.choices().getOrDefault(path, Client.Fork.Choice.ADOPT);
  }

  private Entry.RunForked terms(Client.Fork fork) {
    List<StepPath> accepted =
        after.keySet().stream()
            .filter(path -> choice(fork, path) != Client.Fork.Choice.ADOPT)
            .toList();
    return new Entry.RunForked(source.id(), at, accepted, fork.live());
  }

  /**
   * A pure step is computed again, and what a step was refused is asked again; what was undone has
   * no answer that stands.
   */
  private Optional<Entry.AnswerTaken> answer(StepHistory step) {
    return step.call()
        .filter(call -> !call.inputDigest().isEmpty() && !isUndone(step))
        .flatMap(call ->
            result(step)
                .map(result -> new Entry.AnswerTaken(step.path(), call, step.intent(), result)));
  }

  private void check(Client.Fork fork) {
    List<StepPath> open = Ledger.unsettled(before);
    if (!open.isEmpty()) {
      throw refused(
          "before the cut, %s began and has no outcome yet. Cut at it or before it."
              .formatted(open));
    }
    List<StepPath> undone =
        before.steps().stream().filter(this::isUndone).map(StepHistory::path).toList();
    if (!undone.isEmpty()) {
      throw refused(
          "before the cut, %s happened and was undone since. Cut at the first of them or before it."
              .formatted(undone));
    }
    before.steps().stream()
        .filter(step -> step.state() instanceof StepHistory.State.Running)
        .filter(step -> !isNotHeard(step.path()))
        .findFirst()
        .ifPresent(step -> {
          throw refused(
              "before the cut, %s waits for a run of its own. Cut at it or before it."
                  .formatted(step.path()));
        });
    List<Client.Fork.Sent> sent = sent();
    List<Client.Fork.Sent> undecided =
        sent.stream().filter(each -> !fork.choices().containsKey(each.path())).toList();
    if (!undecided.isEmpty()) {
      throw refused(
          "%s. Say for each: adopt its outcome, compensate (undone in the source before), or"
                  .formatted(described(undecided))
              + " accept that it is sent again under a new key, a second charge.");
    }
    sent.forEach(each -> check(each, choice(fork, each.path())));
    fork.choices().keySet().stream()
        .filter(path -> !after.containsKey(path))
        .findFirst()
        .ifPresent(path -> {
          throw refused("'%s' is no step of it after the cut.".formatted(path));
        });
  }

  private void check(Client.Fork.Sent sent, Client.Fork.Choice choice) {
    if (choice == Client.Fork.Choice.ADOPT && sent.result().isEmpty()) {
      throw refused(
          "nobody knows whether %s happened, so there is nothing to adopt. Settle it first."
              .formatted(sent.path()));
    }
    if (choice == Client.Fork.Choice.ADOPT && sent.isUndone()) {
      throw refused("%s was undone in it, so its outcome stands no more.".formatted(sent.path()));
    }
    if (choice == Client.Fork.Choice.COMPENSATE && !sent.isUndone()) {
      throw refused("%s was not undone in it. Undo it there first.".formatted(sent.path()));
    }
  }

  private static String described(List<Client.Fork.Sent> sent) {
    return sent.stream()
        .map(each ->
            "%s (%s) %s"
                .formatted(
                    each.path(),
                    each.contract(),
                    each.result().isPresent() ? "happened" : "may have happened"))
        .collect(Collectors.joining(", "));
  }

  private RunException.ForkRefused refused(String why) {
    return new RunException.ForkRefused(
        "Run %s cannot be forked at '%s': %s".formatted(source.id(), at, why));
  }

  /** Whether a run that exists was begun like that. */
  boolean isSame(RunId existing, Client.Fork fork) {
    return Preparation.load(journal, existing)
        .fork()
        .filter(known -> known.terms().equals(terms(fork)))
        .isPresent();
  }
}
