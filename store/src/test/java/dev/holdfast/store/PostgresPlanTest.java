package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Intent;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No statement that is asked often reads a large table from end to end, whenever it was planned.
 */
class PostgresPlanTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Pattern SCAN = Pattern.compile("Seq Scan on (run|entry|payload)\\b");
  private static final int RUNS = 10_000;
  private static final String FILL_RUNS =
      "INSERT INTO holdfast.run (id, workflow, version, status, epoch, owner, ready_at, started_at,"
          + " changed_at, input_digest, queue)"
          + " SELECT 'filler-' || i, 'filler', '1', CASE i % 4 WHEN 0 THEN 'READY' ELSE 'COMPLETED'"
          + " END, 1, 0, CASE i % 4 WHEN 0 THEN 4000000000000000 + i END, i, i, 'd',"
          + " CASE i % 8 WHEN 0 THEN 'mail' END FROM generate_series(1, "
          + RUNS
          + ") AS i";
  private static final String FILL_ENTRIES =
      "INSERT INTO holdfast.entry (run, sequence, epoch, at, body) SELECT r.number, s, 1, 0,"
          + " '{\"RunClaimed\":{\"worker\":\"w\"}}' FROM holdfast.run AS r,"
          + " generate_series(0, 2) AS s WHERE r.workflow = 'filler'";

  private static final String FILL_PAYLOADS =
      "INSERT INTO holdfast.payload (run, digest, text) SELECT number, 'd', 't' FROM holdfast.run"
          + " WHERE workflow = 'filler'";

  private final String name = TestServer.database();
  private final String url = TestServer.url(name);

  @BeforeEach
  void leaveStatisticsAsTheyAre() throws SQLException {
    for (String table : List.of("run", "entry", "payload", "mailbox", "fact")) {
      PostgresLaws.execute(
          url, "ALTER TABLE holdfast." + table + " SET (autovacuum_enabled = off)");
    }
  }

  private void fill() throws SQLException {
    PostgresLaws.execute(url, FILL_RUNS);
    PostgresLaws.execute(url, FILL_ENTRIES);
    PostgresLaws.execute(url, FILL_PAYLOADS);
  }

  private static final String FIRST_OF_WRITES = PostgresClaims.READY;
  private static final List<String> ASKED =
      List.of(
          PostgresReads.FIND,
          PostgresReads.ENTRIES,
          PostgresReads.LAST,
          PostgresReads.TEXTS,
          PostgresReads.MAIL,
          PostgresReads.WITH_MAIL,
          PostgresReads.FIRST_READY,
          PostgresReads.FIRST_READY_OF,
          PostgresReads.FIRST_QUEUED,
          PostgresReads.FIRST_QUEUED_OF,
          PostgresReads.FACTS_OPEN,
          PostgresReads.runsSql(false, false),
          PostgresReads.runsSql(true, true),
          PostgresSessions.BEHIND,
          PostgresLedger.FIND,
          PostgresQueues.LOAD,
          PostgresClaims.READY,
          PostgresClaims.QUEUED,
          PostgresClaims.ONE,
          PostgresClaims.TAKE,
          PostgresClaims.LAST,
          PostgresQueues.PLACES,
          PostgresQueues.WITH_READY,
          PostgresQueues.DEDUPLICATED,
          PostgresSessions.NEXT,
          PostgresSessions.KEY,
          PostgresTables.LOCKED,
          PostgresTables.LOCK,
          PostgresTables.READY,
          PostgresLedger.WAKE,
          Membership.FREE,
          PostgresSession.STARTED);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPlanForAnyParametersUsesIndexes(boolean isPlannedWhileFull) throws SQLException {
    if (isPlannedWhileFull) {
      fill();
      PostgresLaws.execute(url, "ANALYZE");
    }
    var found = new ArrayList<String>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET plan_cache_mode = force_generic_plan");
      for (int i = 0; i < ASKED.size(); i++) {
        if (ASKED.get(i).equals(FIRST_OF_WRITES)) {
          // As transactions that write begin.
          statement.execute("SELECT " + PostgresConnections.BY_INDEX);
        }
        statement.execute("PREPARE asked" + i + " AS " + numbered(ASKED.get(i)));
        plan(statement, i);
      }
      if (!isPlannedWhileFull) {
        fill();
      }
      for (int i = 0; i < ASKED.size(); i++) {
        List<String> plan = plan(statement, i);
        if (plan.stream().anyMatch(SCAN.asPredicate())) {
          found.add(ASKED.get(i) + "\n" + String.join("\n", plan));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /** The planner does not look at the driver's types. */
  private static String numbered(String sql) {
    var numbered = new StringBuilder();
    int parameters = 0;
    for (char c : sql.replace("unnest(?, ?)", "unnest(?::text[], ?::text[])").toCharArray()) {
      numbered.append(c == '?' ? "$" + ++parameters : String.valueOf(c));
    }
    return numbered.toString();
  }

  private static List<String> plan(Statement statement, int number) throws SQLException {
    long parameters = ASKED.get(number).chars().filter(c -> c == '?').count();
    String nulls = String.join(", ", Collections.nCopies((int) parameters, "NULL"));
    String call = "asked" + number + (parameters == 0 ? "" : "(" + nulls + ")");
    var plan = new ArrayList<String>();
    try (ResultSet row = statement.executeQuery("EXPLAIN EXECUTE " + call)) {
      while (row.next()) {
        plan.add(row.getString(1));
      }
    }
    return plan;
  }

  /**
   * Everything that a worker asks, in connections whose plans were made while nothing was there.
   */
  @Test
  void plansThatWereMadeForEmptyTablesReadNoLargeOneFromEndToEnd() throws Exception {
    var numbers = new AtomicInteger();
    Effect<String, String> deed = Effect.keyed(String.class, (key, what) -> what);
    Workflow<String, String> workflow =
        Workflow.of("visit", String.class, String.class)
            .body((run, id) -> {
              run.effect("greet", id, deed.oncePer(Intent.Scope.GLOBAL, "greeting", id));
              return run.awaitSignal("go", String.class, DEADLINE).orElse("none");
            });
    try (TestWorker worker = TestWorker.open(url, Duration.ofSeconds(15), Settings.standard())) {
      worker.engine().register(workflow);
      worker.engine().register(Queue.of("mail").concurrencyMax(4));
      visit(worker, workflow, numbers);
      fill();
      Map<String, Long> before = scans();
      visit(worker, workflow, numbers);
      Map<String, Long> after = scans();
      for (String table : List.of("run", "entry", "payload", "mailbox", "fact")) {
        assertThat(after.getOrDefault(table, -1L) - before.getOrDefault(table, -2L))
            .as("scans of " + table)
            .isZero();
      }
    }
  }

  private static void visit(
      TestWorker worker, Workflow<String, String> workflow, AtomicInteger numbers) {
    for (int i = 0; i < 12; i++) {
      String id = "visit-" + numbers.incrementAndGet();
      Admission admission =
          i % 2 == 0 ? Admission.AT_ONCE : Admission.throughQueue("mail").session("s");
      Handle<String> handle = worker.engine().start(workflow, id, id, admission);
      worker.engine().client().signal(id, "go", "1", "now", "sender");
      assertThat(handle.run(DEADLINE)).isEqualTo("now");
    }
  }

  /** How often each table was read from end to end; told with a delay. */
  private Map<String, Long> scans() throws Exception {
    Thread.sleep(1_500);
    var scans = new java.util.HashMap<String, Long>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'holdfast'");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        scans.put(row.getString(1), row.getLong(2));
      }
    }
    return scans;
  }
}
