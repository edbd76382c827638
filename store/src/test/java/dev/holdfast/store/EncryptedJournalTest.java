package dev.holdfast.store;

import dev.holdfast.journal.spi.Journal;
import dev.holdfast.testing.JournalContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The laws of journals whose data is under keys. */
class EncryptedJournalTest {
  private static final Optional<Encryption> KEYS = Optional.of(new TestKeys("k1"));

  @Nested
  class OnSqlite extends JournalContract {
    @TempDir Path folder;

    @Override
    protected Journal open() {
      return SqliteJournal.open(
          folder.resolve("runs.db"), Durability.PROCESS_CRASH, InstantSource.system(), KEYS);
    }

    @Override
    protected boolean areNamesKeyed() {
      return true;
    }
  }

  @Nested
  class OnPostgres extends JournalContract {
    @RegisterExtension final TestDatabase database = new TestDatabase();

    @Override
    protected Journal open() {
      return PostgresJournal.open(
          database.connections(),
          "test",
          Duration.ofSeconds(15),
          Optional.of(InstantSource.system()),
          KEYS);
    }

    @Override
    protected boolean areNamesKeyed() {
      return true;
    }
  }
}
