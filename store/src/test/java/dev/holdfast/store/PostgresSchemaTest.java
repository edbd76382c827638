package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Start;
import dev.holdfast.journal.spi.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the tables come to be, and who may use them. */
class PostgresSchemaTest {
  private final String empty = TestServer.emptyDatabase();
  private final List<HikariDataSource> pools = new ArrayList<>();

  @AfterEach
  void close() {
    pools.forEach(HikariDataSource::close);
  }

  private PostgresConnections connections(String database, Durability durability) {
    return connections(database, "postgres", durability);
  }

  private PostgresConnections connections(String database, String user, Durability durability) {
    HikariDataSource pool = TestServer.pool(database, 4);
    pool.setJdbcUrl(TestServer.url(database).replace("user=postgres", "user=" + user));
    pools.add(pool);
    return PostgresConnections.over(pool, durability);
  }

  private PostgresJournal open(String database) {
    return PostgresJournal.open(
        connections(database, Durability.EPHEMERAL),
        "w",
        Duration.ofSeconds(15),
        Optional.empty(),
        Optional.empty());
  }

  private static void execute(String database, String sql) throws Exception {
    PostgresLaws.execute(TestServer.url(database), sql);
  }

  @Test
  void processesThatMakeTheTablesAtTheSameTimeAllSucceed() throws Exception {
    int processes = 4;
    var together = new CyclicBarrier(processes);
    for (int round = 0; round < 3; round++) {
      String database = TestServer.emptyDatabase();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var preparing = new ArrayList<Future<String>>();
        for (int i = 0; i < processes; i++) {
          PostgresConnections connections = connections(database, Durability.EPHEMERAL);
          Callable<String> prepare =
              () -> {
                together.await();
                return PostgresSchema.prepare(connections);
              };
          preparing.add(threads.submit(prepare));
        }
        for (Future<String> prepared : preparing) {
          assertThat(prepared.get()).endsWith("/" + database);
        }
      }
      assertThat(PostgresSchema.versions(connections(database, Durability.EPHEMERAL)).version())
          .isEqualTo(PostgresSchema.VERSION);
    }
  }

  private static void insertFutureMigration(String database) throws Exception {
    execute(
        database,
        "INSERT INTO holdfast.schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success) VALUES (99, '99', 'future',"
            + " 'SQL', 'V99__future.sql', 1, 'newer', 1, true)");
  }

  @Test
  void codeGoesOnWorkingBesideANewerVersionOfTheTables() throws Exception {
    String database = TestServer.database();
    insertFutureMigration(database);

    try (PostgresJournal journal = open(database)) {
      var run =
          new NewRun(
              new RunId("r"), new WorkflowKey("w", "1"), new Payload("1"), "d", Instant.now());
      assertThat(journal.start(run).join()).isInstanceOf(Start.Fresh.class);
    }
  }

  @Test
  void tablesThatOnlyNewerCodeUnderstandsAreRefused() throws Exception {
    String database = TestServer.database();
    insertFutureMigration(database);
    execute(database, "UPDATE holdfast.meta SET value = 99 WHERE name = 'readable_from'");

    assertThatThrownBy(() -> open(database))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll(
            "/" + database, "made by a newer Holdfast", "99", "Upgrade Holdfast");
    assertThatThrownBy(() ->
            PostgresClient.open(connections(database, Durability.EPHEMERAL), Optional.empty()))
        .hasMessageContaining("Upgrade Holdfast");
  }

  @Test
  void tablesOfAnOlderVersionAreOnlyUpdatedByAnExecutor() throws Exception {
    String database = TestServer.database();
    execute(database, "UPDATE holdfast.schema_history SET version = '0' WHERE version <> '1'");

    assertThatThrownBy(() ->
            PostgresClient.open(connections(database, Durability.EPHEMERAL), Optional.empty()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("schema version 1 < %d".formatted(PostgresSchema.VERSION));
  }

  @Test
  void aDatabaseWithoutTablesIsNoStoreToAReader() {
    assertThatThrownBy(
            () -> PostgresReader.open(connections(empty, Durability.EPHEMERAL), Optional.empty()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll("There is no store in", empty);
  }

  @Test
  void aUserWithoutTheRightToMakeTablesIsToldSo() throws Exception {
    execute(empty, "CREATE ROLE maker_" + empty + " LOGIN");

    assertThatThrownBy(() ->
            PostgresSchema.prepare(connections(empty, "maker_" + empty, Durability.EPHEMERAL)))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll(empty, "permission denied", "right to create the schema");
  }

  @Test
  void aUserWithoutTheRightToReadIsToldSo() throws Exception {
    String database = TestServer.database();
    execute(database, "CREATE ROLE reader_" + database + " LOGIN");

    assertThatThrownBy(() ->
            PostgresSchema.prepare(
                connections(database, "reader_" + database, Durability.EPHEMERAL)))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll("permission denied", "rights of the user");
  }

  @Test
  void aServerThatForgetsWhatItConfirmedIsRefusedBeforeAnythingIsMade() throws Exception {
    PostgresConnections unsafe = connections(empty, Durability.POWER_LOSS);

    assertThatThrownBy(() ->
            PostgresJournal.open(
                unsafe, "w", Duration.ofSeconds(15), Optional.empty(), Optional.empty()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll("POWER_LOSS", "fsync = off", "needed is on");
    assertThat(PostgresLaws.rows(TestServer.url(empty), "SELECT to_regnamespace('holdfast')"))
        .containsExactly("null");
  }

  @Test
  void aCommitThatDoesNotWaitForTheDiskIsRefused() throws Exception {
    var connections = connections(empty, Durability.PROCESS_CRASH);
    assertThatThrownBy(connections::checked).hasMessageContaining("fsync = off");

    execute(empty, "ALTER DATABASE " + empty + " SET default_transaction_isolation = serializable");
    assertThatThrownBy(() -> connections(empty, Durability.EPHEMERAL).checked())
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll("default_transaction_isolation = serializable", "read committed");
  }

  @Test
  void theSameTablesAreLeftAloneTheSecondTime() throws Exception {
    String database = TestServer.database();
    String count = "SELECT count(*) FROM holdfast.schema_history";
    List<String> before = PostgresLaws.rows(TestServer.url(database), count);

    assertThatCode(() -> PostgresSchema.prepare(connections(database, Durability.EPHEMERAL)))
        .doesNotThrowAnyException();
    assertThat(PostgresLaws.rows(TestServer.url(database), count)).isEqualTo(before);
  }
}
