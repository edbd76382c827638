package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsTest {
  @TempDir Path folder;
  private StoreFile file;

  @BeforeEach
  void createFile() {
    file = StoreFile.of(folder.resolve("runs.db"));
    file.create();
  }

  @ParameterizedTest
  @CsvSource({"POWER_LOSS,2,1", "PROCESS_CRASH,1,0", "EPHEMERAL,0,0"})
  void theExecutorsConnectionIsAsSafeAsAskedFor(
      Durability durability, String synchronous, String fullfsync) throws SQLException {
    try (Connection connection = Connections.executing(file, durability)) {
      assertThat(Connections.answer(connection, "journal_mode")).isEqualTo("wal");
      assertThat(Connections.answer(connection, "synchronous")).isEqualTo(synchronous);
      assertThat(Connections.answer(connection, "fullfsync")).isEqualTo(fullfsync);
      assertThat(Connections.answer(connection, "wal_autocheckpoint")).isEqualTo("0");
    }
  }

  @Test
  void whatAClientWritesSurvivesALossOfPower() throws SQLException {
    try (Connection connection = Connections.writing(file)) {
      assertThat(Connections.answer(connection, "synchronous")).isEqualTo("2");
      assertThat(Connections.answer(connection, "busy_timeout")).isEqualTo("30000");
    }
  }

  @Test
  void aReadersConnectionWritesNothing() throws SQLException {
    try (Connection writer = Connections.writing(file)) {
      Schema.prepare(writer, file);
    }
    try (Connection reader = Connections.reading(file);
        var statement = reader.createStatement()) {
      assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM run"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("readonly");
    }
  }

  @Test
  void noConnectionMakesAFile() {
    var missing = StoreFile.of(folder.resolve("missing.db"));

    assertThatThrownBy(() -> Connections.reading(missing)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> Connections.writing(missing)).isInstanceOf(SQLException.class);
    assertThat(missing.path()).doesNotExist();
  }
}
