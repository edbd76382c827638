package dev.holdfast.bench;

import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import javax.sql.DataSource;

/**
 * A store that is open, whichever it is.
 *
 * @param rows how many entries so many runs have, those that changed last
 */
record OpenStore(Holdfast holdfast, IntToLongFunction rows) {
  static OpenStore open(Path file) {
    return new OpenStore(
        Holdfast.open(file),
        runs -> {
          try (JournalReader reader = Holdfast.reader(file)) {
            return rows(reader, runs);
          }
        });
  }

  static OpenStore connect(DataSource database) {
    return new OpenStore(
        Holdfast.connect(database),
        runs -> {
          try (JournalReader reader = Holdfast.reader(database)) {
            return rows(reader, runs);
          }
        });
  }

  private static long rows(JournalReader reader, int runs) {
    var rows = new AtomicLong();
    reader
        .runs(Set.of(), 0, runs)
        .forEach(
            run -> reader.last(run.id()).ifPresent(last -> rows.addAndGet(last.sequence() + 1)));
    return rows.get();
  }
}
