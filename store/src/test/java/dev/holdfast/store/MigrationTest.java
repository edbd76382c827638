package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Release;
import dev.holdfast.journal.spi.Reservation;
import dev.holdfast.journal.spi.WorkflowKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that an earlier version of the tables wrote opens and goes on. */
class MigrationTest {
  private static final WorkflowKey WORKFLOW = new WorkflowKey("refund", "1");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final RunId EXECUTING = new RunId("executing");
  private static final Entry MARKER = new Entry.RunClaimed("worker");
  private static final Fact REFUND =
      new Fact(
          "refund[17]",
          0,
          Fact.State.HELD,
          EXECUTING,
          new StepPath("effect:pay#0"),
          "d1g",
          Payload.NULL,
          Payload.NULL);
  private static final String SHAPE =
      "SELECT m.name, coalesce(m.sql, ''), m.type, (SELECT group_concat(c.name || ' ' || c.type"
          + " || ' ' || c.\"notnull\" || ' ' || c.pk) FROM pragma_table_info(m.name) c)"
          + " FROM sqlite_master m";
  private static final String STARTED =
      "{\"is\":\"RunStarted\",\"workflow\":\"refund\",\"version\":\"1\","
          + "\"inputDigest\":\"d1g\",\"input\":null}";

  @TempDir Path folder;

  @BeforeEach
  void makeAStoreOfVersionOne() throws SQLException, IOException {
    execute(
        resource("schema-1.sql"),
        "PRAGMA user_version = 1",
        "PRAGMA application_id = " + Schema.APPLICATION,
        "UPDATE meta SET value = 3");
    run(1, "executing", "EXECUTING", 3, "NULL");
    run(2, "waiting", "WAITING", 0, "5000000");
    run(3, "doubtful", "IN_DOUBT", 0, "NULL");
    run(4, "completed", "COMPLETED", 0, "NULL");
    execute(
        "INSERT INTO mailbox (run, at, body) VALUES"
            + " (1, 1, '{\"is\":\"Resume\",\"who\":\"anna\",\"why\":\"fixed\"}')");
  }

  @Test
  void itsRunsAreThereAndCanBeClaimed() {
    try (var journal = open()) {
      assertThat(journal.runs(Set.of(), 0, 10)).extracting(RunState::id).hasSize(4);
      assertThat(journal.entries(EXECUTING, 0, 10)).hasSize(2);
      assertThat(journal.mail(EXECUTING))
          .extracting(Message.Mail::message)
          .containsExactly(new Message.Resume("anna", "fixed"));
      assertThat(journal.claim(Set.of(WORKFLOW), NOW, 10).join())
          .containsExactlyInAnyOrder(
              new Claim(EXECUTING, WORKFLOW, 2, 2, 1),
              new Claim(new RunId("waiting"), WORKFLOW, 2, 2));
      assertThat(journal.executingWithMail()).containsExactly(EXECUTING);
    }
  }

  @Test
  void whatTheNewVersionBringsWorksInIt() {
    Fact happened = REFUND.happened(Payload.NULL);
    try (var journal = open()) {
      Claim claim = journal.claim(EXECUTING, NOW).join().orElseThrow();
      assertThat(journal.reserve(reservation(claim)).join()).isEqualTo(MARKER);
      journal.append(cancelling(claim, happened)).join();
    }
    try (var journal = open()) {
      assertThat(journal.fact(REFUND.name())).contains(happened);
      assertThat(journal.runs(Set.of(Status.CANCELLED), 0, 10)).hasSize(1);
      assertThat(journal.entries(EXECUTING, 0, 10)).hasSize(4);
    }
  }

  private static Reservation reservation(Claim claim) {
    var decision = new Reservation.Decision(MARKER, Optional.of(REFUND));
    return new Reservation(EXECUTING, claim.epoch(), 2, NOW, REFUND.name(), row -> decision);
  }

  private static Append cancelling(Claim claim, Fact fact) {
    return new Append(
        EXECUTING,
        claim.epoch(),
        3,
        NOW,
        List.of(MARKER),
        List.of(),
        List.of(fact),
        Optional.of(new Release(Status.CANCELLED, Optional.empty())));
  }

  @Test
  void itEndsWithTheTablesOfANewStore() throws SQLException {
    open().close();
    assertThat(answer("PRAGMA user_version")).isEqualTo("%d".formatted(Schema.VERSION));
    Map<String, String> migrated = shape(store());
    Path fresh = folder.resolve("fresh.db");
    SqliteJournal.open(fresh, Durability.EPHEMERAL, InstantSource.system(), Optional.empty())
        .close();

    assertThat(migrated).isEqualTo(shape(fresh)).containsKeys("run", "fact", "run_unfinished");
  }

  @Test
  void aStoreOfVersionTwoOpensAndGoesOn() throws SQLException, IOException {
    Path second = folder.resolve("second.db");
    execute(
        second,
        resource("schema-2.sql"),
        "PRAGMA user_version = 2",
        "PRAGMA application_id = " + Schema.APPLICATION,
        "INSERT INTO run VALUES (1, 'waiting', 'refund', '1', 'WAITING', 1, 0, 5, 1, 1, 'd', NULL)",
        "INSERT INTO run VALUES (2, 'held', 'refund', '1', 'WAITING', 1, 0, 5, 1, 1, 'd', 'fact')");
    try (var journal =
        SqliteJournal.open(
            second, Durability.EPHEMERAL, InstantSource.system(), Optional.empty())) {
      assertThat(journal.nextReady()).isEqualTo(Micros.instant(5));
      assertThat(journal.find(new RunId("waiting")).orElseThrow().queue()).isEmpty();
      journal.register(Queue.of("mail")).join();
      assertThat(journal.load("mail")).contains(new Queue.Load(Queue.of("mail"), 0, 0));
      assertThat(journal.claim(Set.of(WORKFLOW), NOW, 10).join()).hasSize(2);
    }
    Path fresh = folder.resolve("fresh.db");
    SqliteJournal.open(fresh, Durability.EPHEMERAL, InstantSource.system(), Optional.empty())
        .close();
    assertThat(shape(second)).isEqualTo(shape(fresh)).containsKeys("queue", "session", "run_turn");
  }

  @Test
  void aStoreOfVersionThreeOpensAndGoesOn() throws SQLException, IOException {
    Path third = folder.resolve("third.db");
    execute(
        third,
        resource("schema-3.sql"),
        "PRAGMA user_version = 3",
        "PRAGMA application_id = " + Schema.APPLICATION,
        "INSERT INTO run (id, workflow, version, status, epoch, owner, ready_at, started_at,"
            + " changed_at, input_digest, session) VALUES ('waiting', 'refund', '1', 'WAITING', 1,"
            + " 0, 5, 1, 1, 'd1g', 'desk')",
        "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (1, 0, 0, 1, '" + STARTED + "')",
        "INSERT INTO session (key, turn, state) VALUES ('desk', 1, '7')");
    try (var journal =
        SqliteJournal.open(third, Durability.EPHEMERAL, InstantSource.system(), Optional.empty())) {
      assertThat(journal.entries(new RunId("waiting"), 0, 10)).hasSize(1);
      assertThat(journal.sessionState("desk")).contains(new Payload("7"));
      assertThat(journal.claim(Set.of(WORKFLOW), NOW, 10).join()).hasSize(1);
    }
    assertThat(StoreFacts.of(third).keyId()).isEmpty();
    Path fresh = folder.resolve("fresh.db");
    SqliteJournal.open(fresh, Durability.EPHEMERAL, InstantSource.system(), Optional.empty())
        .close();
    assertThat(shape(third)).isEqualTo(shape(fresh)).containsKeys("secret", "run_subject");
  }

  @Test
  void onlyTheApplicationUpdatesIt() throws SQLException {
    assertThatThrownBy(() -> Holdfast.client(store()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("schema version 1 < " + Schema.VERSION)
        .hasMessageContaining("Open it in the application first");
    assertThatThrownBy(() -> Holdfast.reader(store()))
        .hasMessageContaining("version 1 < " + Schema.VERSION);
    assertThat(StoreFacts.of(store()).schemaVersion()).isEqualTo(1);
    assertThat(answer("PRAGMA user_version")).isEqualTo("1");
    open().close();
    assertThat(StoreFacts.of(store()).schemaVersion()).isEqualTo(Schema.VERSION);
    try (var reader = Holdfast.reader(store())) {
      assertThat(reader.find(EXECUTING)).isPresent();
    }
  }

  @Test
  void anUpdateThatFailsLeavesItAsItWas() throws SQLException {
    execute("CREATE TABLE fact (mine TEXT)");
    Map<String, String> before = shape(store());

    assertThatThrownBy(this::open).isInstanceOf(StoreFailed.class).hasMessageContaining("fact");

    assertThat(answer("PRAGMA user_version")).isEqualTo("1");
    assertThat(shape(store())).isEqualTo(before);
  }

  private SqliteJournal open() {
    return SqliteJournal.open(
        store(), Durability.EPHEMERAL, InstantSource.system(), Optional.empty());
  }

  private void run(int number, String id, String status, int owner, String readyAt)
      throws SQLException {
    execute(
        "INSERT INTO run VALUES (%d, '%s', 'refund', '1', '%s', 1, %d, %s, 1, %d, 'd1g')"
            .formatted(number, id, status, owner, readyAt, number),
        "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (%d, 0, 0, 1, '%s')"
            .formatted(number, STARTED),
        "INSERT INTO entry (run, sequence, epoch, at, body) VALUES (%d, 1, 1, 1,".formatted(number)
            + " '{\"is\":\"RunClaimed\",\"worker\":\"gone\"}')");
  }

  /** Columns of each table and words of each index, by name. */
  private static Map<String, String> shape(Path file) throws SQLException {
    var shape = new TreeMap<String, String>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SHAPE)) {
      while (row.next()) {
        boolean isTable = row.getString(3).equals("table");
        shape.put(row.getString(1), row.getString(isTable ? 4 : 2));
      }
    }
    return shape;
  }

  private static String resource(String name) throws IOException {
    try (InputStream text = MigrationTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void execute(String... steps) throws SQLException {
    execute(store(), steps);
  }

  private static void execute(Path file, String... steps) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String step : steps) {
        statement.executeUpdate(step);
      }
    }
  }

  private String answer(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.getString(1);
    }
  }

  private Path store() {
    return folder.resolve("runs.db");
  }
}
