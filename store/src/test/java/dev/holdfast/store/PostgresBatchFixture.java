package dev.holdfast.store;

import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** What the tests of batches are written with: two workers on one database. */
abstract class PostgresBatchFixture {
  static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  static final Set<WorkflowKey> WORKFLOWS = Set.of(WORKFLOW);
  static final Message RESUME = new Message.Resume("anna", "fixed");
  static final Entry MARKER = new Entry.RunClaimed("worker");
  static final Duration DEADLINE = Duration.ofSeconds(30);

  final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
  final TestStore store = TestStore.Kind.POSTGRES.made(Path.of(""));
  final PostgresJournal mine = (PostgresJournal) store.journal();
  final Journal theirs = store.journal();

  @AfterEach
  void close() {
    mine.close();
    theirs.close();
    store.close();
  }

  /** Keeps the writer busy until those requests are queued, which then share its next batch. */
  <T> List<CompletableFuture<T>> inOneBatch(List<Supplier<CompletableFuture<T>>> requests)
      throws SQLException {
    try (Connection holdUp = store.connection();
        Statement lock = holdUp.createStatement()) {
      holdUp.setAutoCommit(false);
      lock.execute("SELECT 1 FROM worker FOR UPDATE");
      CompletableFuture<Start> before = mine.start(newRun("before"));
      await().atMost(DEADLINE).until(this::somebodyWaitsForALock);
      List<CompletableFuture<T>> answers = requests.stream().map(Supplier::get).toList();
      holdUp.rollback();
      done(before);
      answers.forEach(answer -> answer.exceptionally(failure -> null).join());
      return answers;
    }
  }

  boolean somebodyWaitsForALock() throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock'")) {
      return row.next();
    }
  }

  Claim claimed(String id) {
    var start = (Start.Fresh) done(mine.startClaimed(newRun(id)));
    return start.claim().orElseThrow();
  }

  static List<String> claimed(Journal journal, int countMax) {
    return done(journal.claim(WORKFLOWS, Instant.now(), countMax)).stream()
        .map(claim -> claim.run().text())
        .toList();
  }

  List<Long> sequences(RunId run) {
    return theirs.entries(run, 0, 100).stream().map(Recorded::sequence).toList();
  }

  Append append(Claim claim, long sequence) {
    return append(claim, sequence, List.of(), List.of(), Optional.empty());
  }

  Append append(
      Claim claim,
      long sequence,
      List<Long> consumed,
      List<Fact> facts,
      Optional<Release> release) {
    return new Append(
        claim.run(), claim.epoch(), sequence, now, List.of(MARKER), consumed, facts, release);
  }

  Append parking(Claim claim) {
    return append(claim, 1, List.of(), List.of(), Optional.of(parked(Optional.empty())));
  }

  static Release parked(Optional<String> awaits) {
    return new Release(Status.WAITING, Optional.empty(), awaits);
  }

  /** Takes the fact where nobody has it. */
  Reservation reservation(Claim claim, String name) {
    Fact fact = fact(claim.run(), name);
    var grant = new Reservation.Decision(new Entry.RunClaimed("granted"), Optional.of(fact));
    var refusal = new Reservation.Decision(MARKER, Optional.empty());
    return new Reservation(
        claim.run(), claim.epoch(), 1, now, name, row -> row.isEmpty() ? grant : refusal);
  }

  static Fact fact(RunId run, String name) {
    var path = new StepPath("effect:pay#0");
    return new Fact(name, 0, Fact.State.HELD, run, path, "d1g", Payload.NULL, Payload.NULL);
  }

  NewRun newRun(String id) {
    return new NewRun(new RunId(id), WORKFLOW, Payload.NULL, "d1g", now);
  }

  NewRun queued(String id, Optional<String> deduplication) {
    return admitted(id, Optional.of("mail"), deduplication, Optional.empty());
  }

  NewRun inSession(String id) {
    return admitted(id, Optional.empty(), Optional.empty(), Optional.of("anna"));
  }

  NewRun admitted(
      String id, Optional<String> queue, Optional<String> deduplication, Optional<String> session) {
    return new NewRun(
        new RunId(id), WORKFLOW, Payload.NULL, "d1g", now, now, queue, deduplication, session);
  }

  static <T> T done(CompletableFuture<T> future) {
    return future.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
  }

  static Throwable failure(CompletableFuture<?> future) {
    Throwable thrown = future.handle((answer, failure) -> failure).join();
    Throwable cause = thrown == null ? null : thrown.getCause();
    return thrown instanceof CompletionException && cause != null
        ? cause
        : Objects.requireNonNull(thrown, "It did not fail.");
  }
}
