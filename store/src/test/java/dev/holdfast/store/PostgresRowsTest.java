package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.json.JsonCodec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one statement writes. */
class PostgresRowsTest {
  private final String url = TestServer.url(TestServer.database());
  private final Membership worker = new Membership("one", Duration.ofMinutes(1));
  private final PostgresRows rows = new PostgresRows();
  private Connection connection;

  @BeforeEach
  void join() throws SQLException {
    connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
    worker.join(connection, Set.of());
    connection.setAutoCommit(true);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private PostgresRows.Answer write() throws SQLException {
    Membership.Batch batch = worker.next();
    PostgresRows.Answer answer = rows.write(connection, batch).orElseThrow();
    worker.wrote(batch, System.nanoTime());
    rows.clear();
    return answer;
  }

  /** Writes, and tells the number of a run that this started. */
  private long written(String id) throws SQLException {
    return write().started().getOrDefault(new RunId(id), -1L);
  }

  private static NewRun newRun(String id, String input) {
    return new NewRun(
        new RunId(id), new WorkflowKey("w", "1"), new Payload(input), "d", Instant.EPOCH);
  }

  private void start(String id, String input, boolean isHere) {
    NewRun run = newRun(id, input);
    EncodedEntry first = EncodedEntry.of(JsonCodec.standard(), Seal.NONE, 0, run.started());
    rows.start(run, Optional.empty(), first, isHere ? worker.number() : 0);
  }

  private String run(String id) throws SQLException {
    return PostgresLaws.rows(
            url,
            "SELECT status || ' ' || owner || ' ' || epoch || ' ' || coalesce(ready_at, -1)"
                + " || ' ' || deaths || ' ' || coalesce(awaits, '-') FROM holdfast.run"
                + " WHERE id = '"
                + id
                + "'")
        .get(0);
  }

  private long count(String table) throws SQLException {
    return Long.parseLong(PostgresLaws.rows(url, "SELECT count(*) FROM holdfast." + table).get(0));
  }

  private static EncodedEntry entry(String name) {
    return EncodedEntry.of(JsonCodec.standard(), Seal.NONE, 0, new Entry.RunClaimed(name));
  }

  @Test
  void runsAreStartedForAnyoneOrForThisWorker() throws SQLException {
    start("any", "1", false);
    start("here", "2", true);
    assertThat(rows.asked()).containsExactlyInAnyOrder(new RunId("any"), new RunId("here"));
    assertThat(rows.isStartedHere(new RunId("here"))).isTrue();
    assertThat(rows.isStartedHere(new RunId("any"))).isFalse();

    assertThat(write().started()).containsOnlyKeys(new RunId("any"), new RunId("here"));
    assertThat(run("any")).isEqualTo("READY 0 0 0 0 -");
    assertThat(run("here")).isEqualTo("EXECUTING " + worker.number() + " 1 -1 0 -");
    assertThat(count("entry")).isEqualTo(2);
  }

  @Test
  void whatExistsIsNotStartedAgain() throws SQLException {
    start("r", "1", false);
    write();
    start("r", "2", true);

    assertThat(write().started()).isEmpty();
    assertThat(run("r")).isEqualTo("READY 0 0 0 0 -");
    assertThat(count("entry")).isEqualTo(1);
  }

  @Test
  void aLongInputStandsBesideItsEntry() throws SQLException {
    String input = "\"" + "long ".repeat(100_000) + "\"";
    start("r", input, false);
    write();
    assertThat(count("payload")).isEqualTo(1);
    try (var pool = TestWorker.pool(url);
        var reader =
            new PostgresReader(
                PostgresConnections.over(pool, Durability.EPHEMERAL), "test", PlainVault.PLAIN)) {
      assertThat(reader.last(new RunId("r")).orElseThrow().entry())
          .isInstanceOfSatisfying(
              Entry.RunStarted.class,
              started -> assertThat(started.input()).isEqualTo(new Payload(input)));
    }
  }

  @Test
  void aPlaceIsTakenOnce() throws SQLException {
    start("r", "1", true);
    long run = written("r");
    rows.entry(run, 1, 1, 0, entry("a"));
    rows.entry(run, 2, 1, 0, entry("b"));
    write();
    rows.entry(run, 3, 1, 0, entry("c"));
    rows.entry(run, 2, 1, 0, entry("again"));

    assertThatThrownBy(this::write)
        .isInstanceOfSatisfying(
            SQLException.class,
            failure ->
                assertThat(PostgresErrors.meaning(failure))
                    .isEqualTo(PostgresErrors.Meaning.REQUEST));
    assertThat(count("entry")).as("all or nothing").isEqualTo(3);
  }

  @Test
  void aReleasedRunIsOwnedByNobody() throws SQLException {
    start("r", "1", true);
    long run = written("r");
    rows.release(
        new PostgresRows.Released(run, Status.WAITING, Optional.of(99L), Optional.of("fact"), 5));
    write();

    assertThat(run("r")).isEqualTo("WAITING 0 1 99 0 fact");
  }

  @Test
  void aReleasedRunWithMailIsReadyAtOnceUnlessItHasEnded() throws SQLException {
    for (Status status : List.of(Status.WAITING, Status.COMPLETED)) {
      String id = status.name();
      start(id, "1", true);
      long run = written(id);
      PostgresLaws.execute(
          url, "INSERT INTO holdfast.mailbox (run, at, body) VALUES (" + run + ", 0, '{}')");
      rows.release(new PostgresRows.Released(run, status, Optional.empty(), Optional.empty(), 5));
      write();
    }

    assertThat(run("WAITING")).isEqualTo("READY 0 1 5 0 -");
    assertThat(run("COMPLETED")).isEqualTo("COMPLETED 0 1 -1 0 -");
  }

  @Test
  void onlyMailOfThatRunIsConsumed() throws SQLException {
    for (int run = 1; run <= 2; run++) {
      PostgresLaws.execute(
          url, "INSERT INTO holdfast.mailbox (run, at, body) VALUES (" + run + ", 0, '{}')");
    }
    rows.consume(1, List.of(1L, 2L));
    write();

    assertThat(PostgresLaws.rows(url, "SELECT run FROM holdfast.mailbox")).containsExactly("2");
  }

  @Test
  void deathsAreForgiven() throws SQLException {
    start("r", "1", true);
    long run = written("r");
    PostgresLaws.execute(url, "UPDATE holdfast.run SET deaths = 2");
    rows.forgive(run);
    write();

    assertThat(run("r")).isEqualTo("EXECUTING " + worker.number() + " 1 -1 0 -");
  }

  @Test
  void nothingIsWrittenForAWorkerThatIsNone() throws SQLException {
    start("r", "1", false);

    assertThat(rows.write(connection, new Membership.Batch(worker.number() + 7, 2, 0, 1_000)))
        .isEmpty();
    assertThat(count("run")).isZero();
  }

  @Test
  void silenceIsLimitedForTheTransactionAlone() throws SQLException {
    String asked = "SELECT current_setting('idle_in_transaction_session_timeout')";
    connection.setAutoCommit(false);
    rows.write(connection, worker.next());
    assertThat(answer(asked)).isEqualTo("1min");
    connection.commit();
    assertThat(answer(asked)).isEqualTo("0");
  }

  private String answer(String question) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getString(1);
    }
  }
}
