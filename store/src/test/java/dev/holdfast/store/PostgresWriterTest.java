package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.json.JsonCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of the requests that share a batch. */
class PostgresWriterTest extends PostgresWriterFixture {
  /** Takes the place that the next entry of the run "bad" needs, behind the writer's back. */
  private static final String TAKE_THE_PLACE_OF_BAD =
      "INSERT INTO holdfast.entry (run, sequence, epoch, at, body) SELECT number, 1, 1, 0, ''"
          + " FROM holdfast.run WHERE id = 'bad'";

  @Test
  void whatQueuesDuringACommitSharesTheNext() throws Exception {
    Claim claim = started("r");
    long before = journal.commits();
    var futures = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 2_000; i++) {
      futures.add(journal.append(append(claim, i + 1)));
    }
    allDone(futures);

    assertThat(journal.commits() - before).isBetween(4L, 1_000L);
  }

  @Test
  void aLoneAppendIsACommitOfItsOwn() throws Exception {
    Claim claim = started("r");
    for (int i = 0; i < 5; i++) {
      done(journal.append(append(claim, i + 1)));
    }
    journal.close();

    assertThat(journal.commits()).as("one for the start").isEqualTo(1 + 5);
  }

  @Test
  void aRequestThatTheDatabaseRefusesFailsAlone() throws Exception {
    Claim good = started("good");
    Claim bad = started("bad");
    PostgresLaws.execute(database.url(), TAKE_THE_PLACE_OF_BAD);

    var futures = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 40; i++) {
      futures.add(journal.append(append(good, i + 1)));
      if (i == 20) {
        CompletableFuture<Void> refused = journal.append(append(bad, 1));
        assertThatThrownBy(() -> done(refused))
            .isInstanceOf(StoreFailed.class)
            .hasMessageContaining("could not write a request")
            .hasMessageContaining("23505");
      }
    }

    allDone(futures);
    assertThat(journal.entries(good.run(), 0, 100)).hasSize(41);
  }

  @Test
  void anUnexpectedErrorInARequestFailsItAloneAndKeepsNothingOfIt() throws Exception {
    Claim claim = started("r");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1, Instant.MIN))))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("nothing of it is kept");

    done(journal.append(append(claim, 1)));
    assertThat(journal.entries(claim.run(), 0, 10)).hasSize(2);
  }

  @Test
  void aFactWhoseNameNoDatabaseCanHoldFailsAloneInItsBatch() throws Exception {
    Claim good = started("good");
    Claim bad = started("bad");
    var writes = new CountDownLatch(1);
    var allAreQueued = new CountDownLatch(1);
    var reservations = new ArrayList<CompletableFuture<Entry>>();
    reservations.add(journal.reserve(counting(good, 1, () -> pass(writes, allAreQueued))));
    await(writes);
    String half = "refund" + Character.MIN_HIGH_SURROGATE;
    CompletableFuture<Entry> refused = journal.reserve(holding(bad, half));
    for (int i = 1; i < 20; i++) {
      reservations.add(journal.reserve(counting(good, i + 1, () -> {})));
    }
    allAreQueued.countDown();

    assertThatThrownBy(() -> done(refused))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("half of a surrogate pair");
    tookEffectOnce(good, reservations);
    assertThat(journal.entries(bad.run(), 0, 10)).hasSize(1);
  }

  @Test
  void aReservationInABatchThatIsUndoneTakesEffectOnce() throws Exception {
    Claim good = started("good");
    Claim bad = started("bad");
    PostgresLaws.execute(database.url(), TAKE_THE_PLACE_OF_BAD);
    var asked = new AtomicInteger();
    var writes = new CountDownLatch(1);
    var allAreQueued = new CountDownLatch(1);
    var reservations = new ArrayList<CompletableFuture<Entry>>();
    reservations.add(journal.reserve(counting(good, 1, () -> pass(writes, allAreQueued))));
    await(writes);
    for (int i = 1; i < 100; i++) {
      reservations.add(journal.reserve(counting(good, i + 1, asked::incrementAndGet)));
    }
    CompletableFuture<Void> refused = journal.append(append(bad, 1));
    allAreQueued.countDown();
    assertThatThrownBy(() -> done(refused)).hasMessageContaining("23505");

    tookEffectOnce(good, reservations);
    assertThat(asked).as("decisions, each asked again").hasValue(2 * 99);
    assertThat(rollbacks.count()).as("of the batch").isEqualTo(1);
  }

  private void tookEffectOnce(Claim claim, List<CompletableFuture<Entry>> reservations)
      throws Exception {
    for (CompletableFuture<Entry> reservation : reservations) {
      assertThat(done(reservation)).isEqualTo(marker());
    }
    assertThat(journal.entries(claim.run(), 0, 1_000)).hasSize(reservations.size() + 1);
    assertThat(journal.fact("count").orElseThrow().generation()).isEqualTo(reservations.size());
  }

  @Test
  void anIdThatIsStartedManyTimesInOneBatchIsFreshOnce() throws Exception {
    Claim good = started("good");
    var writes = new CountDownLatch(1);
    var allAreQueued = new CountDownLatch(1);
    CompletableFuture<Entry> first =
        journal.reserve(counting(good, 1, () -> pass(writes, allAreQueued)));
    await(writes);
    long before = journal.commits();
    var starts = new ArrayList<CompletableFuture<Start>>();
    for (int i = 0; i < 5; i++) {
      starts.add(journal.startClaimed(newRun("r")));
      starts.add(journal.start(newRun("r")));
    }
    allAreQueued.countDown();
    done(first);

    assertThat(done(starts.get(0)))
        .isEqualTo(new Start.Fresh(Optional.of(new Claim(new RunId("r"), WORKFLOW, 1, 1))));
    for (CompletableFuture<Start> start : starts.subList(1, starts.size())) {
      assertThat(done(start)).isInstanceOf(Start.Existing.class);
    }
    journal.close();
    assertThat(journal.commits() - before).as("that batch and the one before").isEqualTo(2);
  }

  @Test
  void appendsOfManyThreadsKeepTheOrderOfEachRun() throws Exception {
    PostgresJournal other = another();
    var threads =
        IntStream.range(0, 16)
            .mapToObj(i ->
                CompletableFuture.runAsync(
                    () -> appendInTurn(i % 2 == 0 ? journal : other, "r-" + i, 50)))
            .toList();
    for (CompletableFuture<Void> thread : threads) {
      done(thread);
    }

    for (int i = 0; i < 16; i++) {
      List<Recorded> entries = journal.entries(new RunId("r-" + i), 1, 1_000);
      assertThat(entries)
          .extracting(Recorded::entry)
          .isEqualTo(IntStream.range(0, 50).mapToObj(n -> marker("m-" + n)).toList());
    }
  }

  private static void appendInTurn(PostgresJournal journal, String id, int count) {
    journal.startClaimed(newRun(id)).join();
    var claim = new Claim(new RunId(id), WORKFLOW, 1, 1);
    var appends = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < count; i++) {
      appends.add(journal.append(append(claim, i + 1, Instant.EPOCH, marker("m-" + i))));
    }
    appends.forEach(CompletableFuture::join);
  }

  @Test
  void aLongTextThatUtf8CannotHoldComesBackAsItWas() throws Exception {
    Claim claim = started("r");
    String half = "x".repeat(EncodedEntry.INLINE_MAX) + Character.MIN_LOW_SURROGATE;
    var entry = new Entry.RunCompleted(JsonCodec.standard().encode(half));

    done(journal.append(append(claim, 1, Instant.now(), entry)));

    assertThat(journal.last(claim.run())).map(Recorded::entry).contains(entry);
    assertThat(JsonCodec.standard().decode(entry.result(), String.class)).isEqualTo(half);
  }

  @Test
  void anErrorOfTheDatabaseItselfClosesTheStoreForGood() throws Exception {
    Claim claim = started("r");
    PostgresLaws.execute(database.url(), "DROP TABLE holdfast.entry");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(StoreFailed.class)
        .isNotInstanceOf(StoreFailed.Unavailable.class)
        .hasMessageContaining("failed")
        .hasMessageContaining("takes nothing more")
        .hasMessageContaining("restart the process");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> done(journal.start(newRun("another"))))
        .isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> done(journal.lease(claim.run(), claim.epoch())))
        .isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> journal.find(claim.run())).isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> journal.nextReady()).isInstanceOf(StoreFailed.class);
  }

  @Test
  void whatIsQueuedWhenAStoreIsClosedIsWritten() throws Exception {
    Claim claim = started("r");
    var appends = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 1_000; i++) {
      appends.add(journal.append(append(claim, i + 1)));
    }

    journal.close();

    allDone(appends);
    assertThat(another().entries(claim.run(), 0, 2_000)).hasSize(1_001);
    assertThatThrownBy(() -> done(journal.start(newRun("s"))))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("is closed. Connect again.");
  }

  @Test
  void aWorkerThatClosesLeavesNoRow() throws Exception {
    started("r");
    String workers = "SELECT number FROM holdfast.worker";
    assertThat(PostgresLaws.rows(database.url(), workers)).hasSize(1);

    journal.close();

    assertThat(PostgresLaws.rows(database.url(), workers)).isEmpty();
    PostgresLaws.hold(database.url());
  }
}
