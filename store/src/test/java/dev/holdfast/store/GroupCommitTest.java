package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");

  /** Takes the place that the next entry of the run "bad" needs, behind the writer's back. */
  private static final String TAKE_THE_PLACE_OF_BAD =
      "INSERT INTO entry (run, sequence, epoch, at, body) SELECT number, 1, 1, 0, ''"
          + " FROM run WHERE id = 'bad'";

  @TempDir Path folder;
  private SqliteJournal journal;

  @BeforeEach
  void open() {
    journal =
        SqliteJournal.open(
            folder.resolve("runs.db"),
            Durability.POWER_LOSS,
            InstantSource.system(),
            Optional.empty());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void whatQueuesDuringACommitSharesTheNext() throws Exception {
    Claim claim = started("r");
    long before = journal.commits();
    var futures = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 2_000; i++) {
      futures.add(journal.append(append(claim, i + 1)));
    }
    for (CompletableFuture<Void> future : futures) {
      done(future);
    }

    assertThat(journal.commits() - before).isBetween(4L, 1_000L);
  }

  @Test
  void aLoneAppendIsACommitOfItsOwn() throws Exception {
    Claim claim = started("r");
    long before = journal.commits();

    for (int i = 0; i < 5; i++) {
      done(journal.append(append(claim, i + 1)));
    }

    assertThat(journal.commits() - before).isEqualTo(5);
  }

  private static void rest(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left); // which may return early
    }
  }

  /** What its rows take is not saved by waiting for more of them. */
  @Test
  void aBatchSharesItsFlushAndNotItsWork() throws Exception {
    Path other = folder.resolve("other.db");
    SqliteJournal.open(other, Durability.POWER_LOSS, InstantSource.system(), Optional.empty())
        .close();
    StoreFile file = StoreFile.existing(other);
    var writer =
        new GroupCommit(
            file,
            () ->
                WriteSession.over(
                    Connections.executing(file, Durability.POWER_LOSS),
                    file,
                    1,
                    PlainVault.PLAIN,
                    new Claims()));
    var work = Duration.ofMillis(200);
    var request = new Request<>(Request.workOf(tables -> rest(work)), 0, true);

    long begun = System.nanoTime();
    long shared = writer.write(List.of(request));
    long took = System.nanoTime() - begun;
    writer.release();

    assertThat(request.done()).isCompleted();
    assertThat(shared).isPositive().isLessThanOrEqualTo(took - work.toNanos());
  }

  @Test
  void aRequestThatTheDatabaseRefusesFailsAlone() throws Exception {
    Claim good = started("good");
    Claim bad = started("bad");
    execute(TAKE_THE_PLACE_OF_BAD);

    var futures = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 40; i++) {
      futures.add(journal.append(append(good, i + 1)));
      if (i == 20) {
        CompletableFuture<Void> refused = journal.append(append(bad, 1));
        assertThatThrownBy(() -> done(refused))
            .isInstanceOf(StoreFailed.class)
            .hasMessageContaining("could not write a request")
            .hasMessageContaining("SQLITE_CONSTRAINT");
      }
    }

    for (CompletableFuture<Void> future : futures) {
      done(future);
    }
    assertThat(journal.entries(good.run(), 0, 100)).hasSize(41);
  }

  @Test
  void aReservationInABatchThatIsUndoneTakesEffectOnce() throws Exception {
    Claim good = started("good");
    Claim bad = started("bad");
    execute(TAKE_THE_PLACE_OF_BAD);
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
    assertThatThrownBy(() -> done(refused)).hasMessageContaining("SQLITE_CONSTRAINT");

    tookEffectOnce(good, reservations);
    assertThat(asked).as("decisions, each asked again").hasValue(2 * 99);
  }

  private void tookEffectOnce(Claim claim, List<CompletableFuture<Entry>> reservations)
      throws Exception {
    for (CompletableFuture<Entry> reservation : reservations) {
      assertThat(done(reservation)).isEqualTo(marker());
    }
    assertThat(journal.entries(claim.run(), 0, 1_000)).hasSize(reservations.size() + 1);
    assertThat(journal.fact("count").orElseThrow().generation()).isEqualTo(reservations.size());
  }

  private static void pass(CountDownLatch arrived, CountDownLatch gate) {
    arrived.countDown();
    await(gate);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Counts in the row the reservations that took effect. */
  private static Reservation counting(Claim claim, long sequence, Runnable asked) {
    var path = new StepPath("effect:pay#0");
    var free =
        new Fact("count", 0, Fact.State.FREE, claim.run(), path, "d1g", Payload.NULL, Payload.NULL);
    return new Reservation(
        claim.run(),
        1,
        sequence,
        Instant.now(),
        "count",
        row -> {
          asked.run();
          return new Reservation.Decision(marker(), Optional.of(row.orElse(free).refused()));
        });
  }

  @Test
  void anErrorOfTheDatabaseItselfClosesTheStoreForGood() throws Exception {
    Claim claim = started("r");
    execute("DROP TABLE entry");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("failed")
        .hasMessageContaining("takes nothing more")
        .hasMessageContaining("restart the process");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> done(journal.start(newRun("another"))))
        .isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> journal.find(claim.run())).isInstanceOf(StoreFailed.class);
    assertThatThrownBy(() -> journal.nextReady()).isInstanceOf(StoreFailed.class);
  }

  @Test
  void anUnexpectedErrorInARequestFailsItAloneAndKeepsNothingOfIt() throws Exception {
    Claim claim = started("r");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1, Instant.MIN))))
        .isInstanceOf(StoreFailed.class);

    done(journal.append(append(claim, 1)));
    assertThat(journal.entries(claim.run(), 0, 10)).hasSize(2);
  }

  @Test
  void aLaterOpeningFencesThisOne() throws Exception {
    Claim claim = started("r");
    execute("UPDATE meta SET value = value + 1 WHERE name = 'opened'");

    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(Fenced.class)
        .hasMessageContaining("Another process took over the store");
    assertThatThrownBy(() -> done(journal.append(append(claim, 1))))
        .isInstanceOf(StoreFailed.class);
  }

  @Test
  void aClosedStoreSaysSo() {
    journal.close();

    assertThatThrownBy(() -> done(journal.start(newRun("r"))))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("is closed. Open it again.");
  }

  @Test
  void anIdleStoreIsAbandonedWithoutDelay() {
    long before = System.nanoTime();

    journal.abandon();

    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isLessThan(5_000);
  }

  private Claim started(String id) throws Exception {
    var fresh = (Start.Fresh) done(journal.startClaimed(newRun(id)));
    return fresh.claim().orElseThrow();
  }

  private static NewRun newRun(String id) {
    return newRun(id, Payload.NULL);
  }

  private static NewRun newRun(String id, Payload input) {
    return new NewRun(new RunId(id), WORKFLOW, input, "d1g", Instant.now());
  }

  private static Append append(Claim claim, long sequence) {
    return append(claim, sequence, Instant.now());
  }

  private static Append append(Claim claim, long sequence, Instant at) {
    return new Append(
        claim.run(), 1, sequence, at, List.of(marker()), List.of(), List.of(), Optional.empty());
  }

  private static Entry marker() {
    return new Entry.RunClaimed("worker");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = Connections.writing(StoreFile.of(folder.resolve("runs.db")));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
