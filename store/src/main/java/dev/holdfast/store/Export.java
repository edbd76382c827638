package dev.holdfast.store;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.RunFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All that a store knows of a run, as it stands at one moment. */
record Export(RetentionTables tables) {
  private static final int PAGE = 1_000;

  /** What a run's row says that its listed state does not. */
  private record Row(
      long number, Optional<String> subject, Optional<String> deduplication, String gaps) {}

  /** The run; empty where there is none, or none any more. */
  Optional<RunFile> of(RunId id) {
    return tables.inSnapshot((within, queries) -> of(within, queries, id));
  }

  /** Whether the store has that run with all that the file tells of it, and maybe more. */
  boolean holds(RunFile file) {
    return tables.inSnapshot((within, queries) ->
        queries.find(file.run().id()).isPresent()
            && entries(queries, file.run().id(), file.entries().size()).equals(file.entries()));
  }

  private Optional<RunFile> of(RetentionTables.Within within, StoreQueries queries, RunId id)
      throws SQLException {
    Optional<RunState> found = queries.find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<Recorded> entries = entries(queries, id, Integer.MAX_VALUE);
    return Optional.of(
        new RunFile(found.get(), entries, Optional.of(beside(within, queries, found.get()))));
  }

  private RunFile.Beside beside(RetentionTables.Within within, StoreQueries queries, RunState run)
      throws SQLException {
    Row row = row(within, run.id());
    return new RunFile.Beside(
        row.subject().map(tables.vault()::openSubject),
        row.deduplication(),
        handedOn(within, run, row),
        mail(queries, run.id()),
        facts(within, run.id()),
        Claim.Gap.parse(row.gaps()));
  }

  private static Row row(RetentionTables.Within within, RunId id) throws SQLException {
    return within
        .select(
            "SELECT number, subject, deduplication, gaps FROM @run WHERE id = ?",
            row ->
                new Row(
                    row.getLong(1),
                    Optional.ofNullable(row.getString(2)),
                    Optional.ofNullable(row.getString(3)),
                    row.getString(4)),
            id.text())
        .get(0);
  }

  private Optional<Payload> handedOn(RetentionTables.Within within, RunState run, Row row)
      throws SQLException {
    if (run.session().isEmpty()) {
      return Optional.empty();
    }
    String session = run.session().get();
    List<String> kept =
        within.select(
            "SELECT state FROM @session WHERE key = ? AND state_run = ? AND state IS NOT NULL",
            found -> found.getString(1),
            session,
            row.number());
    return kept.stream().findFirst().map(state -> Sessions.state(tables.vault(), session, state));
  }

  private static List<Message.Mail> mail(StoreQueries queries, RunId id) throws SQLException {
    var mail = new ArrayList<Message.Mail>();
    for (Message.Mail each : queries.mail(id)) {
      mail.add(new Message.Mail(mail.size() + 1, each.at(), each.message()));
    }
    return mail;
  }

  private List<Fact> facts(RetentionTables.Within within, RunId id) throws SQLException {
    List<Fact> facts =
        within.select(
            "SELECT body, %s FROM @fact WHERE run = ?".formatted(tables.factKey()),
            row ->
                FactRow.exported(
                    tables.vault(), tables.vault().readFact(row.getString(1)), row.getString(2)),
            id.text());
    return facts.stream().sorted(Comparator.comparing(Fact::name)).toList();
  }

  private static List<Recorded> entries(StoreQueries queries, RunId id, int countMax)
      throws SQLException {
    var entries = new ArrayList<Recorded>();
    List<Recorded> page = queries.entries(id, 0, Math.min(PAGE, countMax));
    while (!page.isEmpty()) {
      entries.addAll(page);
      page = queries.entries(id, entries.size(), Math.min(PAGE, countMax - entries.size()));
    }
    return entries;
  }
}
