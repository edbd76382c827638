package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.json.RunFile;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes exported runs into a store, with the facts of the ledger that their entries tell of. What
 * has not ended is quarantined: nobody here knows what it did elsewhere since.
 */
record Intake(RetentionTables tables) {
  private static final String HELD =
      "The run was imported before it had ended: what it did elsewhere since is unknown here."
          + " Make sure that nothing executes it there, then resume it.";

  /** Whether a run of that id is or was in the store. */
  boolean isTaken(RunId run) {
    return tables.inTransaction(within ->
        !within.select("SELECT 1 FROM @run WHERE id = ?", row -> 1, run.text()).isEmpty());
  }

  /** Takes one run, or nothing of it. */
  void take(RunFile file) {
    tables.inTransaction(within -> take(within, file));
  }

  private boolean take(RetentionTables.Within within, RunFile file) throws SQLException {
    RunState run = file.run();
    boolean isHeld = !run.status().isEnded();
    List<Recorded> entries = new ArrayList<>(file.entries());
    Instant now = tables.now();
    if (isHeld) {
      entries.add(held(run, entries.size(), now));
    }
    Status status = isHeld ? Status.QUARANTINED : run.status();
    insertRun(within, run, status, isHeld ? now : run.changedAt());
    insertEntries(within, run.id(), entries);
    insertFacts(within, facts(run, entries));
    return isHeld;
  }

  private void insertFacts(RetentionTables.Within within, List<Fact> facts) throws SQLException {
    for (Fact fact : facts) {
      insert(within, fact);
    }
  }

  private void insertRun(
      RetentionTables.Within within, RunState run, Status status, Instant changedAt)
      throws SQLException {
    boolean isErased = run.inputDigest().isEmpty();
    int inserted =
        within.update(
            "INSERT INTO @run (id, workflow, version, status, epoch, owner, started_at, changed_at,"
                + " input_digest, gone) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, "
                + (isErased ? "'ERASED'" : "NULL")
                + ") ON CONFLICT (id) DO NOTHING",
            run.id().text(),
            run.workflow(),
            run.version(),
            status.name(),
            run.epoch(),
            Micros.of(run.startedAt()),
            Micros.of(changedAt),
            run.inputDigest());
    if (inserted == 0) {
      throw new IllegalStateException(taken(List.of(run.id())));
    }
  }

  static String taken(List<RunId> runs) {
    return "Nothing was imported: there is or was a run %s in this store. Import into another one."
        .formatted(runs);
  }

  private void insertEntries(RetentionTables.Within within, RunId id, List<Recorded> entries)
      throws SQLException {
    long run =
        within
            .select("SELECT number FROM @run WHERE id = ?", row -> row.getLong(1), id.text())
            .get(0);
    Seal seal = tables.vault().fresh(id);
    if (seal.keyRow().isPresent()) {
      insert(within, run, seal.keyRow().get());
    }
    for (Recorded recorded : entries) {
      EncodedEntry encoded =
          EncodedEntry.of(JsonCodec.standard(), seal, recorded.sequence(), recorded.entry());
      for (EncodedEntry.Text text : encoded.texts()) {
        insert(within, run, text);
      }
      within.update(
          "INSERT INTO @entry (run, sequence, epoch, at, body) VALUES (?, ?, ?, ?, ?)",
          run,
          recorded.sequence(),
          recorded.epoch(),
          Micros.of(recorded.at()),
          encoded.body());
    }
  }

  private static void insert(RetentionTables.Within within, long run, EncodedEntry.Text text)
      throws SQLException {
    within.update(
        "INSERT INTO @payload (run, digest, text) VALUES (?, ?, ?)"
            + " ON CONFLICT (run, digest) DO NOTHING",
        run,
        text.digest(),
        text.text());
  }

  /** What this store knows of a fact itself counts more. */
  private void insert(RetentionTables.Within within, Fact fact) throws SQLException {
    String name = tables.vault().name(fact.name());
    boolean hasKey = tables.factKey().equals("key");
    String columns = hasKey ? "key, name" : "name";
    var values = new ArrayList<Object>();
    if (hasKey) {
      values.add(PostgresLedger.key(tables.vault(), fact.name()));
    }
    values.addAll(
        List.of(name, fact.state().name(), fact.run().text(), tables.vault().write(fact)));
    within.update(
        "INSERT INTO @fact (%s, state, run, body) VALUES (%s) ON CONFLICT (%s) DO NOTHING"
            .formatted(columns, hasKey ? "?, ?, ?, ?, ?" : "?, ?, ?, ?", tables.factKey()),
        values.toArray());
  }

  /** The rows of the ledger that a run's entries lead to. */
  private static Recorded held(RunState run, int sequence, Instant now) {
    return new Recorded(
        sequence, run.epoch(), now, new Entry.RunQuarantined(HELD, Optional.empty()));
  }

  static List<Fact> facts(RunState run, List<Recorded> entries) {
    Map<StepPath, Fact> facts = new LinkedHashMap<>();
    Fact.State open = run.status().isEnded() ? Fact.State.IN_DOUBT : Fact.State.HELD;
    for (Recorded recorded : entries) {
      if (recorded.entry() instanceof Entry.EffectIntended intended) {
        intended
            .intent()
            .filter(intent -> intent.scope() == Intent.Scope.GLOBAL && !intent.name().isEmpty())
            .ifPresent(intent -> facts.put(intended.path(), held(run, intended, intent, open)));
      } else if (recorded.entry() instanceof Entry.OfStep step) {
        facts.computeIfPresent(step.path(), (path, fact) -> after(fact, step));
      }
    }
    return facts.values().stream()
        .filter(fact -> !run.inputDigest().isEmpty() && fact.state() != Fact.State.FREE)
        .toList();
  }

  private static Fact held(
      RunState run, Entry.EffectIntended intended, Intent intent, Fact.State state) {
    return new Fact(
        intent.name(),
        intent.generation(),
        state,
        run.id(),
        intended.path(),
        intended.call().inputDigest(),
        intended.call().input(),
        Payload.NULL);
  }

  private static Fact after(Fact fact, Entry.OfStep step) {
    if (step instanceof Entry.EffectSucceeded done) {
      return fact.happened(done.result());
    }
    if (step instanceof Entry.EffectDoubted) {
      return fact.in(Fact.State.IN_DOUBT);
    }
    if (step instanceof Entry.EffectGaveUp gaveUp) {
      return fact.in(gaveUp.failure().mayHaveHappened() ? Fact.State.IN_DOUBT : Fact.State.FREE);
    }
    if (step instanceof Entry.DoubtSettled settled) {
      return switch (settled.verdict()) {
        case Verdict.Happened happened -> fact.happened(happened.result());
        case Verdict.DidNotHappen no -> fact.in(Fact.State.FREE);
      };
    }
    return fact;
  }
}
