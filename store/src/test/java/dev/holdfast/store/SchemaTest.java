package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
  @TempDir Path folder;

  @Test
  void aNewStoreCarriesItsMarkAndVersion() throws SQLException {
    open().close();

    assertThat(answer("application_id")).isEqualTo(String.valueOf(0x484F4C44));
    assertThat(answer("user_version")).isEqualTo("%d".formatted(Schema.VERSION));
  }

  @Test
  void aStoreOfANewerVersionIsRefusedAndLeftAlone() throws SQLException, IOException {
    open().close();
    execute("PRAGMA user_version = 9");
    byte[] before = Files.readAllBytes(store());

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining(store().toString())
        .hasMessageContaining("schema version 9 > " + Schema.VERSION)
        .hasMessageContaining("Upgrade Holdfast");
    assertThatThrownBy(() -> Holdfast.client(store())).hasMessageContaining("newer Holdfast");
    assertThatThrownBy(() -> Holdfast.reader(store())).hasMessageContaining("newer Holdfast");
    assertThat(Files.readAllBytes(store())).isEqualTo(before);
  }

  @Test
  void theDatabaseOfAnotherProgramIsRefusedAndLeftAlone() throws SQLException, IOException {
    execute("CREATE TABLE customer (name TEXT)");
    byte[] before = Files.readAllBytes(store());

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("the database of another program")
        .hasMessageContaining("Nothing was changed");
    assertThat(Files.readAllBytes(store())).isEqualTo(before);
    assertThat(answer("journal_mode")).isEqualTo("delete");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
    String text = "These are the minutes of our last meeting.\n".repeat(50);
    Files.writeString(store(), text);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("it is no SQLite database. Name another file");
    assertThatThrownBy(() -> Holdfast.client(store())).hasMessageContaining("no SQLite database");
    assertThatThrownBy(() -> Holdfast.reader(store())).hasMessageContaining("no SQLite database");
    assertThat(store()).hasContent(text);
  }

  @Test
  void anEmptyFileBecomesAStoreButNotForAReader() throws IOException {
    Files.createFile(store());

    assertThatThrownBy(() -> Holdfast.reader(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("an empty database");
    try (var journal = open()) {
      assertThat(journal.find(new RunId("r"))).isEmpty();
    }
  }

  @Test
  void aDamagedStoreIsReportedWithTheRemedy() throws IOException, SQLException {
    open().close();
    byte[] bytes = Files.readAllBytes(store());
    // The first page names the tables and stays; every table and index is overwritten.
    Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(store(), bytes);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("it is damaged. Restore a backup");
    assertThat(answer("user_version")).isEqualTo("%d".formatted(Schema.VERSION));
  }

  @Test
  void theShippedStatementsMakeTheTables() throws SQLException {
    execute(Schema.sql());

    try (Connection connection = connection()) {
      try (Statement statement = connection.createStatement();
          var row =
              statement.executeQuery("SELECT count(*) FROM entry, run, payload, mailbox, fact")) {
        assertThat(row.getInt(1)).isZero();
      }
    }
  }

  private SqliteJournal open() {
    return SqliteJournal.open(
        store(), Durability.EPHEMERAL, InstantSource.system(), Optional.empty());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private String answer(String pragma) throws SQLException {
    try (Connection connection = connection()) {
      return Connections.answer(connection, pragma);
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + store());
  }

  private Path store() {
    return folder.resolve("runs.db");
  }
}
