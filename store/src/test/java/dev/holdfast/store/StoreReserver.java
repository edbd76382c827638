package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A process that reserves one fact after the other until it is killed. */
final class StoreReserver {
  static final RunId RUN = new RunId("greedy");
  static final int REPORT_EVERY = 500;

  private static final WorkflowKey WORKFLOW = new WorkflowKey("reserver", "1");

  /** Long enough that rows cross the borders of pages. */
  private static final Payload INPUT = new Payload("\"" + "input ".repeat(300) + "\"");

  private static final int UNDER_WAY_MAX = 100;
  private static final int FACTS_MAX = 200_000;

  private StoreReserver() {}

  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    var durability = Durability.valueOf(arguments[1]);
    var journal =
        SqliteJournal.open(
            Path.of(arguments[0]), durability, InstantSource.system(), Optional.empty());
    journal.start(new NewRun(RUN, WORKFLOW, Payload.NULL, "d1g", Instant.now())).join();
    Claim claim = journal.claim(RUN, Instant.now()).join().orElseThrow();
    var underWay = new ArrayDeque<CompletableFuture<Entry>>();
    for (long sequence = claim.nextSequence(); sequence < FACTS_MAX; sequence++) {
      underWay.add(journal.reserve(asking(claim, sequence)));
      if (underWay.size() == UNDER_WAY_MAX) {
        underWay.remove().join();
        report(sequence - UNDER_WAY_MAX);
      }
    }
  }

  private static void report(long confirmed) {
    if (confirmed > 0 && confirmed % REPORT_EVERY == 0) {
      System.out.println("confirmed " + confirmed);
    }
  }

  private static Reservation asking(Claim claim, long sequence) {
    String name = "fact-" + sequence;
    var path = new StepPath("effect:pay#" + sequence);
    var fact = new Fact(name, 0, Fact.State.HELD, RUN, path, "d1g", INPUT, Payload.NULL);
    var decision = new Reservation.Decision(new Entry.RunClaimed(name), Optional.of(fact));
    return new Reservation(RUN, claim.epoch(), sequence, Instant.now(), name, row -> decision);
  }
}
