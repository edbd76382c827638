package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker's row, seen from the worker and from others. */
class MembershipTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final String url = TestServer.url(TestServer.database());
  private final Membership worker = new Membership("one", LONG);
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void join(Membership joining) throws SQLException {
    joining.join(connection, Set.of());
  }

  private boolean write(Membership.Batch batch) throws SQLException {
    Optional<PostgresRows.Answer> answer = new PostgresRows().write(connection, batch);
    connection.commit();
    return answer.isPresent();
  }

  private List<String> workers() throws SQLException {
    return PostgresLaws.rows(url, "SELECT name FROM holdfast.worker ORDER BY number");
  }

  private void insertRun(String id, long owner) throws SQLException {
    PostgresLaws.execute(
        url,
        "INSERT INTO holdfast.run (id, workflow, version, status, epoch, owner, ready_at,"
            + " started_at, changed_at, input_digest) VALUES ('"
            + id
            + "', 'w', '1', 'EXECUTING', 1, "
            + owner
            + ", NULL, 7, 7, 'd')");
  }

  /** A short lease would also be a short time between two statements of these tests. */
  private void expire(Membership joined) throws SQLException {
    PostgresLaws.execute(
        url,
        "UPDATE holdfast.worker SET lease_until = clock_timestamp() - interval '1 s'"
            + " WHERE number = "
            + joined.number());
  }

  private String run(String id) throws SQLException {
    return PostgresLaws.rows(
            url,
            "SELECT status || ' ' || owner || ' ' || coalesce(ready_at, -1) || ' ' || deaths"
                + " FROM holdfast.run WHERE id = '"
                + id
                + "'")
        .get(0);
  }

  @Test
  void batchesFollowEachOther() throws SQLException {
    join(worker);
    for (int i = 1; i <= 3; i++) {
      Membership.Batch batch = worker.next();
      assertThat(batch.number()).isEqualTo(2L * i);
      assertThat(write(batch)).isTrue();
      worker.wrote(batch, System.nanoTime());
    }
    assertThat(write(new Membership.Batch(worker.number(), 4, 2, 1_000))).as("again").isFalse();
  }

  @Test
  void aBatchWhoseAnswerWasLostIsFoundCommitted() throws SQLException {
    join(worker);
    Membership.Batch batch = worker.next();
    write(batch);

    assertThat(worker.happened(connection, batch)).isEqualTo(Membership.Fate.COMMITTED);
    assertThat(worker.happened(connection, batch)).isEqualTo(Membership.Fate.COMMITTED);
    assertThat(write(worker.next())).isTrue();
  }

  @Test
  void aBatchThatNeverCameIsBarredForEver() throws SQLException {
    join(worker);
    Membership.Batch batch = worker.next();

    assertThat(worker.happened(connection, batch)).isEqualTo(Membership.Fate.BARRED);
    assertThat(write(batch)).as("on its way all the time").isFalse();
    assertThat(worker.happened(connection, batch)).isEqualTo(Membership.Fate.BARRED);
    assertThat(write(worker.next())).isTrue();
  }

  @Test
  void theFateOfABatchOfAWorkerThatWasTakenOverIsUnknown() throws SQLException {
    join(worker);
    Membership.Batch batch = worker.next();
    worker.leave(connection, true);
    connection.commit();

    assertThat(worker.happened(connection, batch)).isEqualTo(Membership.Fate.FENCED);
    assertThat(write(batch)).isFalse();
  }

  @Test
  void onlyWhoseLeaseRanOutIsTakenOver() throws SQLException {
    join(worker);
    insertRun("kept", worker.number());
    var brief = new Membership("brief", LONG);
    join(brief);
    insertRun("freed", brief.number());
    expire(brief);
    var taker = new Membership("taker", LONG);
    join(taker);

    assertThat(taker.takeOver(connection)).containsExactly(brief.number());
    connection.commit();
    assertThat(workers()).containsExactly("one", "taker");
    assertThat(run("freed")).isEqualTo("READY 0 7 1");
    assertThat(run("kept")).isEqualTo("EXECUTING " + worker.number() + " -1 0");
  }

  @Test
  void nobodyTakesItselfOver() throws SQLException {
    var brief = new Membership("brief", LONG);
    join(brief);
    expire(brief);

    assertThat(brief.takeOver(connection)).isEmpty();
    connection.commit();
  }

  @Test
  void aBatchUnderWayIsNotTakenOver() throws SQLException {
    var brief = new Membership("brief", LONG);
    join(brief);
    expire(brief);
    var taker = new Membership("taker", LONG);
    try (Connection other = DriverManager.getConnection(url)) {
      other.setAutoCommit(false);
      new PostgresRows().write(other, new Membership.Batch(brief.number(), 2, 0, LONG.toMillis()));
      join(taker);
      assertThat(taker.takeOver(connection)).isEmpty();
      connection.commit();
      other.commit();
    }
    assertThat(taker.takeOver(connection)).as("its lease was renewed").isEmpty();
    connection.commit();
  }

  @Test
  void whoLeavesInOrderDidNotDie() throws SQLException {
    join(worker);
    insertRun("left", worker.number());
    worker.leave(connection, false);
    connection.commit();

    assertThat(run("left")).isEqualTo("READY 0 7 0");
    assertThat(workers()).isEmpty();
  }

  @Test
  void whoJoinsAgainFreesWhatItOwnedAndTakesItsDeathsBack() throws SQLException {
    join(worker);
    long before = worker.number();
    insertRun("owned", before);
    insertRun("lost", 0);
    PostgresLaws.execute(url, "UPDATE holdfast.run SET deaths = 2");
    long lost =
        Long.parseLong(
            PostgresLaws.rows(url, "SELECT number FROM holdfast.run WHERE id = 'lost'").get(0));
    worker.join(connection, Set.of(lost));

    assertThat(worker.number()).isGreaterThan(before);
    assertThat(workers()).containsExactly("one");
    assertThat(run("owned")).isEqualTo("READY 0 7 0");
    assertThat(run("lost")).endsWith(" 0");
  }

  @Test
  void whoCouldNotJoinIsStillWhoItWas() throws SQLException {
    join(worker);
    long before = worker.number();
    try (Connection broken = DriverManager.getConnection(url)) {
      broken.setAutoCommit(false);
      PostgresLaws.execute(url, "ALTER TABLE holdfast.worker ADD CHECK (number <= " + before + ")");
      assertThatThrownBy(() -> worker.join(broken, Set.of())).isInstanceOf(SQLException.class);
    }
    assertThat(worker.number()).isEqualTo(before);
    assertThat(write(worker.next())).isTrue();
  }

  @Test
  void aLeaseIsFreshForTwoThirdsOfItAndRenewedEveryThird() {
    var joined = new Membership("one", Duration.ofSeconds(9));
    long now = System.nanoTime();
    joined.wrote(new Membership.Batch(1, 2, 0, 9_000), now);
    assertThat(joined.isFresh()).isTrue();
    assertThat(joined.isDue()).isFalse();
    joined.wrote(new Membership.Batch(1, 4, 2, 9_000), now - TimeUnit.SECONDS.toNanos(4));
    assertThat(joined.isFresh()).isTrue();
    assertThat(joined.isDue()).isTrue();
    joined.wrote(new Membership.Batch(1, 6, 4, 9_000), now - TimeUnit.SECONDS.toNanos(7));
    assertThat(joined.isFresh()).isFalse();
    assertThat(joined.beat()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void whoWaitsForARenewalIsToldOfItOrOfTheEnd() {
    CompletableFuture<Void> first = worker.renewal();
    worker.wrote(new Membership.Batch(1, 2, 0, 1_000), System.nanoTime());
    assertThat(first).isCompleted();
    CompletableFuture<Void> second = worker.renewal();
    assertThat(second).isNotDone();
    worker.end(new StoreFailed("over"));
    assertThat(second).isCompletedExceptionally();
  }
}
