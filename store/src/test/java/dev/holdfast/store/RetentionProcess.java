package dev.holdfast.store;

import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A process that erases, purges, archives or imports, and can be killed within a transaction. */
final class RetentionProcess {
  static final String WITHIN = "within";
  static final String DONE = "done";

  private RetentionProcess() {}

  /** Says that it is within that transaction, with all its work done, and stays there. */
  private static final class Stalled extends Interrupted {
    Stalled(RetentionTables real, int transactions) {
      super(real, transactions);
    }

    @Override
    <T> T dying(RetentionTables tables, Work<T> work) {
      return tables.inTransaction(within -> {
        T answer = work.perform(within);
        stay(WITHIN);
        return answer;
      });
    }
  }

  private static void stay(String where) {
    System.out.println("at " + where);
    try {
      Thread.sleep(Duration.ofMinutes(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    Path folder = Path.of(arguments[0]);
    var deed = RetentionCutTest.Deed.valueOf(arguments[1]);
    RetentionTables tables =
        RetentionTables.of(StoreFile.existing(folder.resolve("runs.db")), Optional.empty());
    try (var retention = new Retention(new Stalled(tables, Integer.parseInt(arguments[2])))) {
      act(deed, retention, folder);
    }
    stay(DONE);
  }

  /** Does that in a folder with a store, and an export of what goes into it. */
  static void act(RetentionCutTest.Deed deed, Retention retention, Path folder) throws IOException {
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    switch (deed) {
      case ERASE -> retention.eraseRun("ended", "anna", "asked for it");
      case PURGE -> retention.purge(tomorrow);
      case ARCHIVE -> retention.archive(folder, tomorrow);
      case IMPORT -> retention.importRuns(folder.resolve("seed.jsonl"));
    }
  }
}
