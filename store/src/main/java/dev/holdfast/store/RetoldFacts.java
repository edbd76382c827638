package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.json.RunFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of the ledger that a run's entries lead to, where its file holds no rows. */
final class RetoldFacts {
  private static final String UNDO = "undo";
  private final Map<StepPath, Fact> facts = new LinkedHashMap<>();
  private final RunState run;

  private RetoldFacts(RunState run) {
    this.run = run;
  }

  /** The rows as the file has them, or tells of them; none of an erased run's names is known. */
  static List<Fact> of(RunFile file) {
    if (file.beside().isPresent()) {
      return file.beside().get().facts();
    }
    if (file.run().inputDigest().isEmpty()) {
      return List.of();
    }
    var retold = new RetoldFacts(file.run());
    file.entries().stream().map(Recorded::entry).forEach(retold::see);
    return List.copyOf(retold.facts.values());
  }

  private void see(Entry entry) {
    if (entry instanceof Entry.EffectIntended intended) {
      intended
          .intent()
          .filter(intent -> intent.scope() == Intent.Scope.GLOBAL)
          .ifPresent(intent -> facts.put(intended.path(), open(intended, intent)));
    }
    if (entry instanceof Entry.OfStep step) {
      boolean isUndo = step.path().kind().equals(UNDO);
      facts.computeIfPresent(
          isUndo ? step.path().parent() : step.path(),
          (path, fact) -> isUndo ? afterUndo(fact, step) : after(fact, step));
    }
  }

  private Fact open(Entry.EffectIntended intended, Intent intent) {
    return new Fact(
        intent.name(),
        intent.generation(),
        run.status().isEnded() ? Fact.State.IN_DOUBT : Fact.State.HELD,
        run.id(),
        intended.path(),
        intended.call().inputDigest(),
        intended.call().input(),
        Payload.NULL);
  }

  private static Fact afterUndo(Fact fact, Entry.OfStep step) {
    boolean isUndone =
        step instanceof Entry.EffectSucceeded
            || (step instanceof Entry.DoubtSettled settled
                && settled.verdict() instanceof Verdict.Happened);
    return isUndone ? fact.refused() : fact;
  }

  private Fact after(Fact fact, Entry.OfStep step) {
    if (step instanceof Entry.EffectSucceeded done) {
      return fact.happened(done.result());
    }
    if (step instanceof Entry.EffectDoubted) {
      return fact.in(Fact.State.IN_DOUBT);
    }
    if (step instanceof Entry.EffectGaveUp gaveUp) {
      return after(fact, gaveUp.failure());
    }
    if (step instanceof Entry.DoubtSettled settled) {
      return after(fact, settled.verdict());
    }
    return fact;
  }

  private static Fact after(Fact fact, Failure failure) {
    return switch (failure) {
      case Failure.Rejected rejected -> fact.refused();
      case Failure.NotSent notSent -> fact.in(Fact.State.FREE);
      case Failure.Transient later -> fact.in(Fact.State.FREE);
      case Failure.Unknown unknown -> fact.in(Fact.State.IN_DOUBT);
    };
  }

  /** What did not happen is tried again by its step, as long as its run goes on. */
  private Fact after(Fact fact, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Happened happened -> fact.happened(happened.result());
      case Verdict.DidNotHappen no ->
          fact.in(run.status().isEnded() ? Fact.State.FREE : Fact.State.HELD);
    };
  }
}
