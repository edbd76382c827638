package dev.holdfast.store;

import dev.holdfast.journal.spi.Journal;
import dev.holdfast.testing.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresJournalTest extends JournalContract {
  @RegisterExtension final TestDatabase database = new TestDatabase();

  @Override
  protected Journal open() {
    return PostgresJournal.open(
        database.connections(),
        "test",
        Duration.ofSeconds(15),
        Optional.of(InstantSource.system()),
        Optional.empty());
  }
}
