package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A process that appends to one run until it is killed, and says what was confirmed. */
final class StoreAppender {
  static final RunId RUN = new RunId("endless");
  static final WorkflowKey WORKFLOW = new WorkflowKey("appender", "1");
  static final int REPORT_EVERY = 1_000;

  /** Long enough that entries cross the borders of pages. */
  static final String LONG_NAME = "worker ".repeat(50);

  private static final int UNDER_WAY_MAX = 200;
  private static final int ENTRIES_MAX = 500_000;

  private StoreAppender() {}

  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    var durability = Durability.valueOf(arguments[1]);
    var journal =
        SqliteJournal.open(
            Path.of(arguments[0]), durability, InstantSource.system(), Optional.empty());
    journal.start(new NewRun(RUN, WORKFLOW, Payload.NULL, "d1g", Instant.now())).join();
    Claim claim = journal.claim(Set.of(WORKFLOW), Instant.now(), 1).join().get(0);
    var underWay = new ArrayDeque<CompletableFuture<Void>>();
    long sequence = claim.nextSequence();
    for (int i = 0; i < ENTRIES_MAX; i++) {
      underWay.add(journal.append(append(claim, sequence++)));
      if (underWay.size() == UNDER_WAY_MAX) {
        underWay.remove().join();
        report(sequence - UNDER_WAY_MAX);
      }
    }
  }

  private static void report(long confirmed) {
    if (confirmed % REPORT_EVERY == 0) {
      System.out.println("confirmed " + confirmed);
    }
  }

  private static Append append(Claim claim, long sequence) {
    return new Append(
        RUN,
        claim.epoch(),
        sequence,
        Instant.now(),
        List.of(new Entry.RunClaimed(LONG_NAME)),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
