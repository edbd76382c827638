package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.spi.Fact;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every statement that is asked often finds its rows by an index, however large a store is. */
class QueryPlanTest {
  @TempDir Path folder;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    StoreFile file = StoreFile.of(folder.resolve("runs.db"));
    file.create();
    connection = Connections.executing(file, Durability.EPHEMERAL);
    Schema.prepare(connection, file);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ReadTables.FIND,
        ReadTables.ENTRIES,
        ReadTables.LAST,
        ReadTables.TEXT,
        ReadTables.MAIL,
        ReadTables.FIRST_READY,
        ReadTables.WITH_MAIL,
        Ledger.FIND,
        Ledger.WAKE,
        ReadyRuns.SELECT_ONE,
        ReadyRuns.SELECT_READY,
        ReadyRuns.SELECT_QUEUED,
        Queues.FIND_DEDUPLICATED,
        Queues.LOAD,
        Sessions.KEY,
        Sessions.NEXT,
        Sessions.STATE,
        Sessions.BEHIND,
        ReadyRuns.SELECT_ORPHANS,
        ReadyRuns.ANY_ORPHAN,
        ExecutorTables.LAST_SEQUENCE,
        ExecutorTables.ANY_MAIL,
        ExecutorTables.CONSUME
      })
  void noTableIsReadFromEndToEnd(String sql) throws SQLException {
    assertThat(plan(sql)).isNotEmpty().allSatisfy(this::usesAnIndex);
  }

  @Test
  void theListOfUnfinishedRunsWalksAnIndexInItsOrder() throws SQLException {
    String sql = ReadTables.runsSql(true, true);

    assertThat(plan(sql))
        .anySatisfy(step -> assertThat(step).contains("run_unfinished"))
        .noneSatisfy(step -> assertThat(step).contains("TEMP B-TREE"));
  }

  @Test
  void theListOfAllRunsWalksAnIndexInItsOrder() throws SQLException {
    assertThat(plan(ReadTables.runsSql(false, false)))
        .anySatisfy(step -> assertThat(step).contains("run_changed"))
        .noneSatisfy(step -> assertThat(step).contains("TEMP B-TREE"));
  }

  @Test
  void theFirstReadyTimeIsReadFromTheIndexAlone() throws SQLException {
    assertThat(plan(ReadTables.FIRST_READY))
        .singleElement()
        .asString()
        .contains("COVERING INDEX run_ready");
  }

  @Test
  void whatIsReadyInAQueueIsWalkedInItsOrder() throws SQLException {
    assertThat(plan(ReadyRuns.SELECT_QUEUED))
        .anySatisfy(step -> assertThat(step).contains("run_ready (queue=? AND ready_at<?)"))
        .noneSatisfy(step -> assertThat(step).contains("TEMP B-TREE"));
    assertThat(plan(ReadyRuns.SELECT_READY))
        .anySatisfy(step -> assertThat(step).contains("run_ready (queue=? AND ready_at<?)"))
        .noneSatisfy(step -> assertThat(step).contains("TEMP B-TREE"));
  }

  @Test
  void theRunsOfAQueueAreCountedByTheIndexAlone() throws SQLException {
    for (String sql : List.of(Queues.PLACES, Queues.FIRST_READY)) {
      assertThat(plan(sql))
          .anySatisfy(step -> assertThat(step).contains("COVERING INDEX run_queue "))
          .noneSatisfy(step -> assertThat(step).contains("SCAN run"));
    }
  }

  @Test
  void theNextOfASessionIsTheFirstOfItsIndex() throws SQLException {
    assertThat(plan(Sessions.NEXT))
        .singleElement()
        .asString()
        .contains("INDEX run_turn (session=?)");
  }

  @Test
  void theRunsWithMailAreReadFromTheIndexAlone() throws SQLException {
    assertThat(plan(ReadTables.WITH_MAIL))
        .anySatisfy(step -> assertThat(step).contains("COVERING INDEX mailbox_run"));
  }

  @Test
  void theRunsThatAwaitAFactAreFoundByItsName() throws SQLException {
    assertThat(plan(Ledger.WAKE)).singleElement().asString().contains("run_awaits");
  }

  @ParameterizedTest
  @EnumSource(Fact.State.class)
  void theFactsInAStateAreWalkedInTheOrderOfTheirNames(Fact.State state) throws SQLException {
    List<String> plan = plan(ReadTables.factsSql(state));

    assertThat(plan)
        .singleElement()
        .asString()
        .contains(state == Fact.State.HAPPENED ? "sqlite_autoindex_fact" : "fact_open");
  }

  private void usesAnIndex(String step) {
    boolean isOfTable = step.startsWith("SCAN") || step.startsWith("SEARCH");
    boolean isOfParameter = step.contains("json_each");
    if (isOfTable && !isOfParameter) {
      assertThat(step)
          .containsAnyOf(
              "USING INDEX",
              "USING COVERING INDEX",
              "INTEGER PRIMARY KEY",
              "queue USING PRIMARY KEY");
    }
  }

  private List<String> plan(String sql) throws SQLException {
    var steps = new ArrayList<String>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (row.next()) {
        steps.add(row.getString("detail"));
      }
    }
    return steps;
  }
}
