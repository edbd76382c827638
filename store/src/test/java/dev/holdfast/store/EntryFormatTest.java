package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A store says which entries may stand in it, and only those who read them open it. */
class EntryFormatTest extends OnEveryStore {
  private static final int NEWER = JsonCodec.ENTRY_FORMAT + 1;

  private long kept() throws SQLException {
    try (Connection connection = store.connection()) {
      return EntryFormat.kept(connection);
    }
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  @Test
  void whoReadsNoNewerEntriesIsRefused() throws SQLException {
    assertThat(kept()).isEqualTo(JsonCodec.ENTRY_FORMAT);
    change("UPDATE meta SET value = " + NEWER + " WHERE name = 'entry_format'");

    assertRefused(() -> store.open());
    assertRefused(() -> store.reader());
    assertRefused(() -> store.client());
    assertRefused(() -> store.retention());
    assertThat(kept()).isEqualTo(NEWER);
  }

  private static void assertRefused(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("written by a newer Holdfast")
        .hasMessageContaining(
            "entries are of format %d, and this version reads 1 to %d"
                .formatted(NEWER, JsonCodec.ENTRY_FORMAT))
        .hasMessageContaining("Nothing was changed. Upgrade Holdfast.");
  }

  @Test
  void aStoreThatDoesNotSayIsOfTheFirstFormatAndSaysItFromThenOn() throws SQLException {
    change("DELETE FROM meta WHERE name = 'entry_format'");
    store.reader().close();
    assertThat(kept()).isEqualTo(1);
    store.open().close();
    change("UPDATE meta SET value = value WHERE name = 'entry_format'");
    assertThat(kept()).isEqualTo(JsonCodec.ENTRY_FORMAT);
  }
}
