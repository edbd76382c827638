package dev.holdfast.store;

import dev.holdfast.journal.spi.Journal;
import dev.holdfast.testing.JournalContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
  abstract static class AtDurability extends JournalContract {
    @TempDir Path folder;

    Journal open(Durability durability) {
      return SqliteJournal.open(
          folder.resolve("runs.db"), durability, InstantSource.system(), Optional.empty());
    }
  }

  @Nested
  class PowerLoss extends AtDurability {
    @Override
    protected Journal open() {
      return open(Durability.POWER_LOSS);
    }
  }

  @Nested
  class ProcessCrash extends AtDurability {
    @Override
    protected Journal open() {
      return open(Durability.PROCESS_CRASH);
    }
  }

  @Nested
  class Ephemeral extends AtDurability {
    @Override
    protected Journal open() {
      return open(Durability.EPHEMERAL);
    }
  }
}
