package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.json.RunFile;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes exported runs into a store, with all that their files hold of them, each in a transaction
 * of its own. What has not ended is quarantined: nobody here knows what it did elsewhere since.
 */
record Intake(RetentionTables tables) {
  private static final String HELD =
      "The run was imported before it had ended: what it did elsewhere since is unknown here."
          + " Make sure that nothing executes it there, then resume it.";
  private static final int NAMED_MAX = 10;
  private static final RunFile.Beside NOTHING =
      new RunFile.Beside(
          Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

  /** What becomes of a run whose id is or was in the store. */
  enum Place {
    FREE,
    /** The store has all of it: an import was repeated. */
    KNOWN,
    /** Another run has it, or had. */
    TAKEN
  }

  Place place(RunFile file) {
    String id = file.run().id().text();
    boolean isFree =
        tables.inTransaction(
            within -> within.select("SELECT 1 FROM @run WHERE id = ?", row -> 1, id).isEmpty());
    if (isFree) {
      return Place.FREE;
    }
    return new Export(tables).holds(file) ? Place.KNOWN : Place.TAKEN;
  }

  /** Takes one run, or nothing of it; whether it was not there. */
  boolean take(RunFile file) {
    return switch (place(file)) {
      case FREE -> tables.inTransaction(within -> take(within, file));
      case KNOWN -> false;
      case TAKEN -> throw new IllegalStateException(taken(List.of(file.run().id())));
    };
  }

  static String taken(List<RunId> runs) {
    String more = runs.size() > NAMED_MAX ? " and %,d more".formatted(runs.size() - NAMED_MAX) : "";
    return ("Nothing was imported: this store has or had other runs of these ids: %s%s. Import into"
            + " another store.")
        .formatted(
            runs.stream().limit(NAMED_MAX).map(RunId::text).collect(Collectors.joining(", ")),
            more);
  }

  private boolean take(RetentionTables.Within within, RunFile file) throws SQLException {
    RunState run = file.run();
    RunFile.Beside beside = file.beside().orElse(NOTHING);
    Instant now = tables.now();
    insertRun(within, run, beside, now);
    long number =
        within
            .select("SELECT number FROM @run WHERE id = ?", row -> row.getLong(1), run.id().text())
            .get(0);
    List<Recorded> entries = new ArrayList<>(file.entries());
    if (isHeld(run)) {
      var held = new Entry.RunQuarantined(HELD, Optional.empty());
      entries.add(new Recorded(entries.size(), run.epoch(), now, held));
    }
    insertEntries(within, run.id(), number, entries);
    insertMail(within, run, number, beside.mail());
    for (Fact fact : RetoldFacts.of(file)) {
      FactRow.insert(tables, within, fact);
    }
    if (run.session().isPresent()) {
      joinSession(within, run, number, beside.handedOn());
    }
    return true;
  }

  private static boolean isHeld(RunState run) {
    return !run.status().isEnded();
  }

  private void insertRun(
      RetentionTables.Within within, RunState run, RunFile.Beside beside, Instant now)
      throws SQLException {
    int inserted =
        within.update(
            "INSERT INTO @run (id, workflow, version, status, epoch, owner, started_at, changed_at,"
                + " input_digest, queue, deduplication, session, subject, gaps, gone)"
                + " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id)"
                + " DO NOTHING",
            run.id().text(),
            run.workflow(),
            run.version(),
            (isHeld(run) ? Status.QUARANTINED : run.status()).name(),
            run.epoch(),
            Micros.of(run.startedAt()),
            Micros.of(isHeld(run) ? now : run.changedAt()),
            run.inputDigest(),
            run.queue().orElse(null),
            deduplication(within, run, beside).orElse(null),
            run.session().orElse(null),
            beside.subject().map(tables.vault()::closeSubject).orElse(null),
            Claim.Gap.text(beside.gaps()),
            run.inputDigest().isEmpty() ? "ERASED" : null);
    if (inserted == 0) {
      throw new IllegalStateException(taken(List.of(run.id())));
    }
  }

  /** What another run of the queue has here stays that one's. */
  private static Optional<String> deduplication(
      RetentionTables.Within within, RunState run, RunFile.Beside beside) throws SQLException {
    if (run.queue().isEmpty() || beside.deduplication().isEmpty()) {
      return Optional.empty();
    }
    boolean isFree =
        within
            .select(
                "SELECT 1 FROM @run WHERE queue = ? AND deduplication = ?",
                row -> 1,
                run.queue().get(),
                beside.deduplication().get())
            .isEmpty();
    return beside.deduplication().filter(same -> isFree);
  }

  private void insertEntries(
      RetentionTables.Within within, RunId id, long run, List<Recorded> entries)
      throws SQLException {
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

  /** Whoever told the run to go on did not know that it would be here. */
  private void insertMail(
      RetentionTables.Within within, RunState run, long number, List<Message.Mail> mail)
      throws SQLException {
    for (Message.Mail each : mail) {
      if (!(each.message() instanceof Message.Resume)) {
        within.update(
            "INSERT INTO @mailbox (run, at, body) VALUES (?, ?, ?)",
            number,
            Micros.of(each.at()),
            tables.vault().write(run.id(), each.message()));
      }
    }
  }

  /** A run that had the turn of its session has it here, where nobody else does. */
  private void joinSession(
      RetentionTables.Within within, RunState run, long number, Optional<Payload> handedOn)
      throws SQLException {
    String session = run.session().orElseThrow();
    within.update("INSERT INTO @session (key) VALUES (?) ON CONFLICT (key) DO NOTHING", session);
    boolean awaitsTurn = run.status() == Status.READY && run.readyAt().isEmpty();
    if (isHeld(run) && !awaitsTurn) {
      within.update("UPDATE @session SET turn = ? WHERE key = ? AND turn IS NULL", number, session);
    }
    if (handedOn.isPresent()) {
      within.update(
          "UPDATE @session SET state = ?, state_run = ? WHERE key = ? AND state IS NULL",
          Sessions.kept(tables.vault(), session, handedOn.get()),
          number,
          session);
    }
  }
}
