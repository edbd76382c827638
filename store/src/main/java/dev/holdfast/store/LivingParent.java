package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.json.JsonCodec;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The run that started another and has not ended: it may yet have that one undo what it did. */
final class LivingParent {
  /** The first entry of a run {@code r}, which says who started it. */
  static final String BODY =
      "(SELECT e.body FROM @entry AS e WHERE e.run = r.number AND e.sequence = 0)";

  private LivingParent() {}

  /** That of the run with that first entry, if it has one. */
  static Optional<RunId> of(RetentionTables.Within within, String body) throws SQLException {
    Entry first = JsonCodec.standard().read(body);
    Optional<RunId> parent =
        first instanceof Entry.RunStarted started
            ? started.parent().map(Entry.Parent::run)
            : Optional.empty();
    return parent.isPresent() && isLiving(within, parent.get()) ? parent : Optional.empty();
  }

  private static boolean isLiving(RetentionTables.Within within, RunId run) throws SQLException {
    List<String> found =
        within.select(
            "SELECT status FROM @run WHERE id = ? AND gone IS NULL AND " + RunTables.NOT_ENDED,
            row -> row.getString(1),
            run.text());
    return !found.isEmpty();
  }
}
