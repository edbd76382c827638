package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes runs that have ended and leaves their ids, so that none of them begins anew. Each
 * transaction removes a bounded number of rows; begun again after a crash, it goes on.
 */
record Purge(RetentionTables tables) {
  private static final int RUNS_MAX = 50;
  private static final int ROWS_MAX = 1_000;
  private static final String ENDED =
      "NOT ("
          + RunTables.NOT_ENDED
          + ")"
          + " AND (gone IS NULL OR gone = 'ERASED')"
          + " AND NOT EXISTS (SELECT 1 FROM @fact AS f WHERE f.run = r.id"
          + " AND f.state <> 'HAPPENED' AND f.state IN ('HELD', 'IN_DOUBT'))";

  /** A run that has ended, holds nothing open, and that nobody needs who has not ended. */
  record Ended(long number, RunId id) {}

  /** The same, where that is not known of who started it. */
  private record Candidate(Ended run, String first) {}

  /** Those of some candidates; {@code last} is the number of the last candidate, if any. */
  private record Page(List<Ended> ended, Optional<Long> last) {}

  /** Runs that may be purged, after the run of that number; empty where there is none any more. */
  List<Ended> ended(Instant before, long afterNumber, int countMax) {
    Page page = page(before, afterNumber, countMax);
    while (page.ended().isEmpty() && page.last().isPresent()) {
      page = page(before, page.last().get(), countMax);
    }
    return page.ended();
  }

  private Page page(Instant before, long after, int countMax) {
    return tables.inTransaction(within -> {
      List<Candidate> some = candidates(within, before, after, countMax);
      var ended = new ArrayList<Ended>();
      for (Candidate each : some) {
        if (LivingParent.of(within, each.first()).isEmpty()) {
          ended.add(each.run());
        }
      }
      return new Page(
          ended,
          some.isEmpty()
              ? Optional.empty()
              : Optional.of(some.get(some.size() - 1).run().number()));
    });
  }

  private static List<Candidate> candidates(
      RetentionTables.Within within, Instant before, long after, int countMax) throws SQLException {
    return within.select(
        "SELECT number, id, "
            + LivingParent.BODY
            + " FROM @run AS r WHERE changed_at < ? AND number > ? AND "
            + ENDED
            + " ORDER BY number LIMIT "
            + countMax,
        row ->
            new Candidate(new Ended(row.getLong(1), new RunId(row.getString(2))), row.getString(3)),
        Micros.of(before),
        after);
  }

  /** Purges those of them that still may be; how many. */
  int purge(List<Ended> runs) {
    int purged = 0;
    for (int from = 0; from < runs.size(); from += RUNS_MAX) {
      List<Ended> some = runs.subList(from, Math.min(runs.size(), from + RUNS_MAX));
      purged += tables.inTransaction(within -> mark(within, some));
      finish();
    }
    return purged;
  }

  /** Ends what a purge before left undone. */
  void finish() {
    boolean mayBeMore;
    do {
      mayBeMore = tables.inTransaction(this::remove);
    } while (mayBeMore);
  }

  private static int mark(RetentionTables.Within within, List<Ended> runs) throws SQLException {
    int marked = 0;
    for (Ended run : runs) {
      int isMarked =
          within.update(
              "UPDATE @run AS r SET gone = 'PURGING', input_digest = '', subject = NULL,"
                  + " deduplication = NULL WHERE number = ? AND "
                  + ENDED,
              run.number());
      if (isMarked > 0) {
        within.update("DELETE FROM @mailbox WHERE run = ?", run.number());
        within.update(
            "DELETE FROM @payload WHERE run = ? AND digest = ?", run.number(), Vault.KEY_ROW);
      }
      marked += isMarked;
    }
    return marked;
  }

  /** Removes rows of marked runs; whether there may be more. */
  private boolean remove(RetentionTables.Within within) throws SQLException {
    List<Long> marked =
        within.select(
            "SELECT number FROM @run WHERE gone = 'PURGING' ORDER BY number LIMIT " + RUNS_MAX,
            row -> row.getLong(1));
    int left = ROWS_MAX;
    for (long run : new ArrayList<>(marked)) {
      left -= delete(within, "payload", "digest", run, left);
      left -= delete(within, "entry", "sequence", run, left);
      if (left <= 0) {
        return true;
      }
      within.update("UPDATE @run SET gone = 'PURGED' WHERE number = ?", run);
    }
    return !marked.isEmpty();
  }

  private static int delete(
      RetentionTables.Within within, String table, String column, long run, int countMax)
      throws SQLException {
    return within.update(
        ("DELETE FROM @%1$s WHERE run = ? AND %2$s IN"
                + " (SELECT %2$s FROM @%1$s WHERE run = ? LIMIT %3$d)")
            .formatted(table, column, Math.max(0, countMax)),
        run,
        run);
  }
}
