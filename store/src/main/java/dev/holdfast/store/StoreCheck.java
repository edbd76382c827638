package dev.holdfast.store;

import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.JournalReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at everything in a store, to tell what is damaged and whom that concerns. */
final class StoreCheck {
  private static final int LINES_MAX = 100;
  private static final int UNREADABLE_MAX = 1_000;
  private static final int RUNS_AT_ONCE = 500;
  private static final int ENTRIES_AT_ONCE = 500;

  private final List<String> damage = new ArrayList<>();
  private final Set<String> tables = new LinkedHashSet<>();
  private final List<RunId> unreadable = new ArrayList<>();
  private long runs;

  private StoreCheck() {}

  /** Checks every page of a file, and reads every run in it. */
  static StoreFacts.Check of(StoreFile file, Optional<Encryption> keys) {
    var check = new StoreCheck();
    try (Connection connection = Connections.reading(file)) {
      for (String table : names(connection)) {
        check.look(connection, table);
      }
    } catch (SQLException e) {
      throw SqliteErrors.notOpened(file, e);
    }
    try (SqliteReader reader = SqliteReader.open(file, keys)) {
      check.read(reader);
    }
    return check.found();
  }

  /** Reads every run; a server checks its own pages. */
  static StoreFacts.Check of(JournalReader reader) {
    var check = new StoreCheck();
    check.read(reader);
    return check.found();
  }

  private StoreFacts.Check found() {
    return new StoreFacts.Check(damage, tables, unreadable, runs);
  }

  private static List<String> names(Connection connection) throws SQLException {
    var names = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private void look(Connection connection, String table) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check('%s')".formatted(table))) {
      while (rows.next()) {
        if (!rows.getString(1).equals("ok")) {
          tables.add(table);
          note(table + ": " + rows.getString(1).strip());
        }
      }
    } catch (SQLException e) {
      tables.add(table);
      note(table + ": " + SqliteErrors.describe(e));
    }
  }

  private void note(String line) {
    if (damage.size() < LINES_MAX) {
      damage.add(line);
    }
  }

  private void read(JournalReader reader) {
    try {
      List<RunState> page = reader.runs(Set.of(), 0, RUNS_AT_ONCE);
      while (!page.isEmpty()) {
        page.forEach(run -> read(reader, run.id()));
        page = reader.runs(Set.of(), Math.toIntExact(runs), RUNS_AT_ONCE);
      }
    } catch (StoreFailed.Damaged e) {
      note("The list of runs: " + e.getMessage());
    }
  }

  private static void readAll(JournalReader reader, RunId run) {
    List<Recorded> entries = reader.entries(run, 0, ENTRIES_AT_ONCE);
    while (!entries.isEmpty()) {
      entries = reader.entries(run, entries.getLast().sequence() + 1, ENTRIES_AT_ONCE);
    }
  }

  private void read(JournalReader reader, RunId run) {
    runs++;
    try {
      readAll(reader, run);
      reader.mail(run);
    } catch (StoreFailed.Damaged | IllegalStateException | IllegalArgumentException e) {
      if (unreadable.size() < UNREADABLE_MAX) {
        unreadable.add(run);
      }
    }
  }
}
