package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What everything must have come to once every run has ended. */
final class Ending {
  /** What became of one fact in a run. */
  private enum Fate {
    NOT_DONE,
    DONE,
    UNKNOWN
  }

  private final World world;
  private final InMemoryJournal.Storage storage;
  private final Audit audit;

  Ending(World world, InMemoryJournal.Storage storage, Audit audit) {
    this.world = world;
    this.storage = storage;
    this.audit = audit;
  }

  /** Fails where the end is none that the plan allows. */
  void check() {
    var session = new StringBuilder();
    for (MemoryRun run : storage.runs.values()) {
      Plan.PlannedRun planned = audit.planned(run);
      assertThat(isAllowed(run, planned))
          .as("every run completes, unless it is to end otherwise: %s", run.state())
          .isTrue();
      if (run.status == Status.COMPLETED) {
        checkCompleted(run, planned);
        session.append(planned.isInSession() ? planned.id() + ";" : "");
      }
      checkAgreement(run, planned);
    }
    assertThat(storage.sessions.state(Plan.SESSION).map(Audit::text).orElse(""))
        .as("a session hands on what its completed messages said")
        .isEqualTo(session.toString());
    checkLedger();
  }

  private boolean isAllowed(MemoryRun run, Plan.PlannedRun planned) {
    boolean isByParent = run.start.started().parent().isPresent();
    return switch (run.status) {
      case COMPLETED -> !planned.fate().isDoomed();
      case COMPENSATED -> planned.fate().isDoomed() || audit.isRollingBack(run) || isByParent;
      case CANCELLED -> audit.isCancelling(run) || isByParent;
      case TRUNCATED -> run.start.started().deadline().isPresent();
      case FAILED, READY, EXECUTING, WAITING, AWAITING_APPROVAL, IN_DOUBT, QUARANTINED -> false;
    };
  }

  private void checkCompleted(MemoryRun run, Plan.PlannedRun planned) {
    Entry last = run.entries.getLast().entry();
    assertThat(last).isInstanceOf(Entry.RunCompleted.class);
    assertThat(Audit.text(((Entry.RunCompleted) last).result()))
        .as("the result is that of an undisturbed run: %s", run.start.id())
        .isEqualTo(planned.program().expected());
    planned.certain().stream()
        .filter(act -> act.contract() != Contract.READ)
        .forEach(act -> requireStanding(act.fact(), 1));
  }

  /** What a run's journal says of its facts is what took place. */
  private void checkAgreement(MemoryRun run, Plan.PlannedRun planned) {
    Map<String, Fate> fates = fates(run);
    for (Program.Act act : planned.acts()) {
      Fate fate = fates.getOrDefault(act.fact(), Fate.NOT_DONE);
      boolean isUndone = run.status == Status.COMPENSATED;
      if (act.contract() != Contract.READ && (isUndone || fate != Fate.UNKNOWN)) {
        requireStanding(act.fact(), fate == Fate.DONE && !isUndone ? 1 : 0);
      }
    }
  }

  private void requireStanding(String fact, int expected) {
    assertThat(world.standing(fact)).as("ledger and world agree: %s", fact).isEqualTo(expected);
  }

  private static Map<String, Fate> fates(MemoryRun run) {
    var facts = new HashMap<StepPath, String>();
    var fates = new HashMap<String, Fate>();
    run.entries.forEach(recorded -> {
      if (recorded.entry() instanceof Entry.EffectIntended intended
          && !intended.path().kind().equals(Undoing.KIND)) {
        String fact = Audit.text(intended.call().input());
        facts.put(intended.path(), fact);
        fates.putIfAbsent(fact, Fate.UNKNOWN);
      } else if (recorded.entry() instanceof Entry.OfStep of && facts.containsKey(of.path())) {
        fates.compute(facts.get(of.path()), (fact, before) -> after(of, before));
      }
    });
    return fates;
  }

  /** Several steps may ask for one fact: what one of them brought about stands. */
  private static @Nullable Fate after(Entry.OfStep entry, @Nullable Fate before) {
    if (before == Fate.DONE) {
      return before;
    }
    return switch (entry) {
      case Entry.EffectSucceeded done -> Fate.DONE;
      case Entry.DoubtSettled settled ->
          settled.verdict() instanceof Verdict.Happened ? Fate.DONE : Fate.NOT_DONE;
      case Entry.AttemptStarted again -> Fate.UNKNOWN;
      case Entry.EffectGaveUp gaveUp ->
          gaveUp.failure().mayHaveHappened() ? Fate.UNKNOWN : Fate.NOT_DONE;
      default -> before;
    };
  }

  private void checkLedger() {
    for (Fact fact : storage.ledger.in(Fact.State.HAPPENED, Integer.MAX_VALUE)) {
      requireStanding(Audit.text(fact.input()), 1);
    }
    assertThat(storage.ledger.in(Fact.State.HELD, Integer.MAX_VALUE))
        .as("no run that has ended holds a fact")
        .isEmpty();
    for (Fact fact : storage.ledger.in(Fact.State.FREE, Integer.MAX_VALUE)) {
      requireStanding(Audit.text(fact.input()), 0);
    }
  }
}
