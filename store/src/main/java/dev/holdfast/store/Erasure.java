package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.json.JsonCodec;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Erases what a run that has ended recorded, and leaves its steps, times and ends.
 *
 * <p>The first transaction destroys its key and marks it, so that from then on everybody reads it
 * as erased; the others overwrite what stands there, a bounded part each. Begun again after a
 * crash, it goes on.
 *
 * @param who who asked for it, for the audit
 * @param why for what reason
 */
record Erasure(RetentionTables tables, String who, String why) {
  private static final int ENTRIES_MAX = 200;
  private static final int PAYLOADS_MAX = 20;
  private static final String ERASED = "ERASED";

  /** A run as its row says. */
  private record Target(long number, RunId id, Status status, long epoch, boolean isErased) {}

  /** A fact as its row says. */
  private record Kept(String key, Fact fact) {}

  /** Why that run cannot be erased, if it cannot. */
  Optional<String> refusal(RunId id) {
    return tables.inTransaction(within -> refusal(within, target(within, id)));
  }

  /** Erases all of it; does nothing to a run that was purged. */
  void erase(RunId id) {
    Optional<Target> found = tables.inTransaction(within -> begin(within, id));
    if (found.isPresent()) {
      Target target = found.get();
      repeat(within -> eraseFacts(within, target));
      repeat(within -> dropPayloads(within, target));
      long next = 0;
      while (next >= 0) {
        long from = next;
        next = tables.inTransaction(within -> eraseEntries(within, target, from));
      }
      tables.inTransaction(within -> finish(within, target));
    }
  }

  private void repeat(RetentionTables.Work<Integer> part) {
    int changed;
    do {
      changed = tables.inTransaction(part);
    } while (changed > 0);
  }

  private Target target(RetentionTables.Within within, RunId id) throws SQLException {
    List<Target> found =
        within.select(
            "SELECT number, status, epoch, gone FROM @run WHERE id = ?"
                + " AND (gone IS NULL OR gone = 'ERASED')"
                + tables.locking(),
            row ->
                new Target(
                    row.getLong(1),
                    id,
                    Status.valueOf(row.getString(2)),
                    row.getLong(3),
                    ERASED.equals(row.getString(4))),
            id.text());
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "There is no run %s in %s. Check the id.".formatted(id, tables.location()));
    }
    return found.get(0);
  }

  private static Optional<String> refusal(RetentionTables.Within within, Target target)
      throws SQLException {
    if (!target.status().isEnded()) {
      return Optional.of("%s has not ended (%s)".formatted(target.id(), target.status()));
    }
    String first =
        within
            .select(
                "SELECT %s FROM @run AS r WHERE number = ?".formatted(LivingParent.BODY),
                row -> row.getString(1),
                target.number())
            .get(0);
    Optional<RunId> parent = LivingParent.of(within, first);
    if (parent.isPresent()) {
      return parent.map(
          run -> "%s was started by %s, which has not ended".formatted(target.id(), run));
    }
    List<String> open =
        within.select(
            "SELECT state FROM @fact WHERE state <> 'HAPPENED' AND state IN ('HELD', 'IN_DOUBT')"
                + " AND run = ? LIMIT 1",
            row -> row.getString(1),
            target.id().text());
    return open.stream()
        .findFirst()
        .map(state -> "%s holds a fact that is %s".formatted(target.id(), state));
  }

  private Optional<Target> begin(RetentionTables.Within within, RunId id) throws SQLException {
    // Locked in the order in which everybody does: sessions before runs.
    within.update(
        "UPDATE @session SET state = NULL, state_run = NULL WHERE key ="
            + " (SELECT session FROM @run WHERE id = ?)"
            + " AND state_run = (SELECT number FROM @run WHERE id = ?)",
        id.text(),
        id.text());
    Target target = target(within, id);
    Optional<String> refusal = refusal(within, target);
    if (refusal.isPresent()) {
      throw new IllegalStateException(refused(List.of(refusal.get())));
    }
    within.update(
        "UPDATE @run SET gone = 'ERASED', input_digest = '' WHERE number = ?", target.number());
    within.update(
        "DELETE FROM @payload WHERE run = ? AND digest = ?", target.number(), Vault.KEY_ROW);
    within.update("DELETE FROM @mailbox WHERE run = ?", target.number());
    return Optional.of(target);
  }

  static String refused(List<String> refusals) {
    return "Nothing was erased: %s. Settle the doubts or wait for the end, then erase again."
        .formatted(String.join("; ", refusals));
  }

  private int eraseFacts(RetentionTables.Within within, Target target) throws SQLException {
    within.update(
        "DELETE FROM @fact WHERE state = 'FREE' AND state <> 'HAPPENED' AND run = ?",
        target.id().text());
    List<Kept> facts =
        within.select(
            "SELECT %s, body FROM @fact WHERE run = ? AND state = 'HAPPENED' LIMIT 200"
                .formatted(tables.factKey()),
            row -> new Kept(row.getString(1), tables.vault().readFact(row.getString(2))),
            target.id().text());
    for (Kept kept : facts) {
      Fact fact = kept.fact();
      String name = tables.erasedKey(fact.name()).orElse(kept.key());
      var erased =
          new Fact(
              "",
              fact.generation(),
              Fact.State.ERASED,
              fact.run(),
              fact.path(),
              "",
              Payload.ERASED,
              Payload.ERASED);
      within.update(
          "UPDATE @fact SET name = ?, state = 'ERASED', body = ? WHERE %s = ?"
              .formatted(tables.factKey()),
          name,
          tables.vault().write(erased),
          kept.key());
    }
    return facts.size();
  }

  private int dropPayloads(RetentionTables.Within within, Target target) throws SQLException {
    return within.update(
        "DELETE FROM @payload WHERE run = ? AND digest IN"
            + " (SELECT digest FROM @payload WHERE run = ? LIMIT "
            + PAYLOADS_MAX
            + ")",
        target.number(),
        target.number());
  }

  private record Body(long sequence, String text) {}

  /** Overwrites the entries from that one on; where to go on, or -1 at the end. */
  private long eraseEntries(RetentionTables.Within within, Target target, long from)
      throws SQLException {
    JsonCodec codec = JsonCodec.standard();
    List<Body> bodies =
        within.select(
            "SELECT sequence, body FROM @entry WHERE run = ? AND sequence >= ?"
                + " ORDER BY sequence LIMIT "
                + ENTRIES_MAX,
            row -> new Body(row.getLong(1), row.getString(2)),
            target.number(),
            from);
    for (Body body : bodies) {
      String erased = codec.write(EncodedEntry.erased(codec.read(body.text())));
      if (!erased.equals(body.text())) {
        within.update(
            "UPDATE @entry SET body = ? WHERE run = ? AND sequence = ?",
            erased,
            target.number(),
            body.sequence());
      }
    }
    return bodies.size() < ENTRIES_MAX ? -1 : bodies.get(bodies.size() - 1).sequence() + 1;
  }

  private boolean finish(RetentionTables.Within within, Target target) throws SQLException {
    List<Body> last =
        within.select(
            "SELECT sequence, body FROM @entry WHERE run = ? ORDER BY sequence DESC LIMIT 1",
            row -> new Body(row.getLong(1), row.getString(2)),
            target.number());
    JsonCodec codec = JsonCodec.standard();
    boolean isNew = !(codec.read(last.get(0).text()) instanceof Entry.RunErased);
    if (isNew) {
      within.update(
          "INSERT INTO @entry (run, sequence, epoch, at, body) VALUES (?, ?, ?, ?, ?)",
          target.number(),
          last.get(0).sequence() + 1,
          target.epoch(),
          Micros.of(tables.now()),
          codec.write(new Entry.RunErased(who, why)));
    }
    within.update("UPDATE @run SET subject = NULL WHERE number = ?", target.number());
    return isNew;
  }
}
