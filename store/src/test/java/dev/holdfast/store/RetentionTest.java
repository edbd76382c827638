package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What erasure and purge take and leave, on every store. */
class RetentionTest extends OnEveryStore {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "wallet-of-greta";
  private static final List<String> TABLES =
      List.of("run", "entry", "payload", "mailbox", "fact", "session");
  private static final RunId RUN = new RunId("r");

  private final Workflow<String, String> workflow =
      Workflow.of("pay", String.class, String.class)
          .version("1")
          .failsOn(IllegalStateException.class)
          .body((run, input) -> {
            String paid =
                run.effect(
                    "pay",
                    input,
                    Effect.keyed(String.class, (key, asked) -> "paid " + input.repeat(60))
                        .oncePer(Intent.Scope.GLOBAL, "payment", input));
            for (int i = 0; i < 3; i++) {
              run.effect("note", paid, Effect.read(String.class, text -> "noted " + text));
            }
            run.handOn(input + " in state");
            if (input.contains("fails")) {
              throw new IllegalStateException("no money for " + input);
            }
            return paid;
          });

  Optional<Encryption> keys() {
    return Optional.empty();
  }

  @Override
  TestStore made() {
    return kind.made(folder, keys());
  }

  private void started(String id, String input, Admission admission) {
    try (var holdfast = store.open()) {
      holdfast.register(workflow);
      Outcome<String> outcome = holdfast.start(workflow, id, input, admission).await(SOON);
      assertThat(outcome).isNotInstanceOf(Outcome.Waiting.class);
    }
  }

  private void ofGreta(String id, String input) {
    started(id, input, Admission.inSession("desk").subject(SECRET));
  }

  private RunState state(RunId run) {
    try (JournalReader reader = store.reader()) {
      return reader.find(run).orElseThrow(() -> new AssertionError("There is no run " + run));
    }
  }

  private List<Entry> entries() {
    try (JournalReader reader = store.reader()) {
      return reader.entries(RUN, 0, 1_000).stream().map(Recorded::entry).toList();
    }
  }

  private void assertNothingIsLeft() throws SQLException, IOException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          while (row.next()) {
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              assertThat(String.valueOf(row.getString(i))).as(table).doesNotContain("greta");
            }
          }
        }
      }
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String raw = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(raw.contains("greta")).as("greta in " + file.getFileName()).isFalse();
      }
    }
  }

  @Test
  void ofAnErasedSubjectOnlyWhatHappenedIsLeft() throws SQLException, IOException {
    ofGreta("r", SECRET);
    ofGreta("s", SECRET + " fails");
    started("other", "of somebody else", Admission.inSession("other"));
    List<Entry> before = entries();

    try (Retention retention = store.retention()) {
      assertThat(retention.eraseSubject(SECRET, "anna", "asked for it")).isEqualTo(2);
      assertThat(retention.eraseSubject(SECRET, "anna", "asked for it")).isZero();
    }

    assertNothingIsLeft();
    assertThat(state(RUN).status()).isEqualTo(Status.COMPLETED);
    List<Entry> after = entries();
    assertThat(after).hasSize(before.size() + 1);
    assertThat(after.getLast()).isEqualTo(new Entry.RunErased("anna", "asked for it"));
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).hasSameClassAs(before.get(i));
    }
    assertThat(after.get(before.size() - 1)).isEqualTo(new Entry.RunCompleted(Payload.ERASED));
    try (JournalReader reader = store.reader()) {
      assertThat(reader.sessionState("desk")).isEmpty();
      assertThat(reader.facts(Fact.State.ERASED, 10)).hasSize(2);
      assertThat(reader.facts(Fact.State.HAPPENED, 10)).hasSize(1);
    }
    try (Client client = store.client()) {
      assertThat(client.find("other", String.class).await(SOON))
          .isInstanceOf(Outcome.Completed.class);
    }
  }

  @Test
  void anErasedIdStaysTakenAndItsOutcomeIsGone() {
    ofGreta("r", SECRET);
    try (Retention retention = store.retention()) {
      retention.eraseRun("r", "anna", "asked for it");
    }
    try (Client client = store.client()) {
      assertThatThrownBy(() -> client.start(workflow, "r", SECRET))
          .isInstanceOf(RunException.RunGone.class);
      assertThatThrownBy(() -> client.find("r", String.class).await(SOON))
          .isInstanceOf(RunException.RunGone.class)
          .hasMessageContaining("anna");
    }
    try (var holdfast = store.open()) {
      holdfast.register(workflow);
      assertThatThrownBy(() -> holdfast.start(workflow, "r", SECRET))
          .isInstanceOf(RunException.RunGone.class);
    }
  }

  @Test
  void aFactOfAnErasedRunDoesNotHappenAgain() {
    ofGreta("r", SECRET);
    try (Retention retention = store.retention()) {
      retention.eraseRun("r", "anna", "asked for it");
    }
    try (var holdfast = store.open()) {
      Workflow<String, String> again =
          Workflow.of("again", String.class, String.class)
              .version("1")
              .body((run, input) -> {
                try {
                  return run.effect(
                      "pay",
                      input,
                      Effect.keyed(String.class, (key, asked) -> "paid twice")
                          .oncePer(Intent.Scope.GLOBAL, "payment", input));
                } catch (EffectFailed.AlreadyHappened known) {
                  return "happened before";
                }
              });
      holdfast.register(again);
      assertThat(holdfast.start(again, "again", SECRET).run(SOON)).isEqualTo("happened before");
    }
  }

  @Test
  void aSubjectIsErasedWholeOrNotAtAll() {
    ofGreta("r", SECRET);
    Workflow<String, String> waiting =
        Workflow.of("wait", String.class, String.class)
            .version("1")
            .body((run, input) -> run.awaitSignal("go", String.class, SOON).orElse("none"));
    try (var holdfast = store.open()) {
      holdfast.register(waiting);
      holdfast.start(waiting, "w", SECRET, Admission.ofSubject(SECRET));
    }
    List<Entry> before = entries();
    try (Retention retention = store.retention()) {
      assertThatThrownBy(() -> retention.eraseSubject(SECRET, "anna", "asked for it"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("w has not ended")
          .hasMessageContaining("Nothing was erased");
    }
    assertThat(entries()).isEqualTo(before);
  }

  @Test
  void anErasureThatWasCutOffAnywhereIsFinishedByTheNext() throws SQLException, IOException {
    int transactions = 0;
    boolean isCutOff = true;
    while (isCutOff) {
      store.close();
      Files.deleteIfExists(folder.resolve("runs.db"));
      Files.deleteIfExists(folder.resolve("runs.db.lock"));
      store = made();
      ofGreta("r", SECRET);
      int size = entries().size();
      try (RetentionTables tables = store.retentionTables()) {
        isCutOff = isCutOff(new Interrupted(tables, transactions));
      }
      List<Entry> half = entries();
      assertThat(half.get(0))
          .matches(entry ->
              entry instanceof Entry.RunStarted started
                  && (started.input().equals(Payload.ERASED)
                      || started.input().text().contains(SECRET)));
      try (Retention retention = store.retention()) {
        retention.eraseRun("r", "anna", "asked for it");
        retention.eraseRun("r", "anna", "asked for it");
      }
      assertThat(entries()).hasSize(size + 1);
      assertNothingIsLeft();
      transactions++;
    }
    assertThat(transactions).isGreaterThan(5);
  }

  private static boolean isCutOff(RetentionTables tables) {
    try {
      new Erasure(tables, "anna", "asked for it").erase(RUN);
      return false;
    } catch (Interrupted.Died died) {
      return true;
    }
  }

  @Test
  void ofAPurgedRunOnlyItsIdIsLeft() throws SQLException {
    ofGreta("r", SECRET);
    started("young", "young", Admission.inSession("other"));
    Instant youngest = state(new RunId("young")).changedAt();
    try (Retention retention = store.retention()) {
      assertThat(retention.purge(youngest)).isEqualTo(1);
      assertThat(retention.purge(youngest)).isZero();
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.find(RUN)).isEmpty();
      assertThat(reader.entries(RUN, 0, 10)).isEmpty();
      assertThat(reader.last(RUN)).isEmpty();
      assertThat(reader.runs(Set.of(), 0, 10))
          .singleElement()
          .satisfies(left -> assertThat(left.id().text()).isEqualTo("young"));
      assertThat(reader.facts(Fact.State.HAPPENED, 10)).hasSize(2);
    }
    try (Client client = store.client()) {
      assertThatThrownBy(() -> client.start(workflow, "r", SECRET))
          .isInstanceOf(RunException.RunGone.class);
    }
    assertThat(count("entry WHERE run = (SELECT number FROM run WHERE id = 'r')")).isZero();
    assertThat(count("payload WHERE run = (SELECT number FROM run WHERE id = 'r')")).isZero();
  }

  private long count(String what) throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + what)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void aPurgeThatWasCutOffIsFinishedByTheNext() throws SQLException {
    ofGreta("r", SECRET);
    try (RetentionTables tables = store.retentionTables()) {
      var purge = new Purge(new Interrupted(tables, 2));
      assertThatThrownBy(() -> purge.purge(purge.ended(Instant.now(), 0, 10)))
          .isInstanceOf(Interrupted.Died.class);
    }
    assertThat(count("entry WHERE run = (SELECT number FROM run WHERE id = 'r')")).isPositive();
    try (JournalReader reader = store.reader()) {
      assertThat(reader.find(RUN)).isEmpty();
    }
    try (Retention retention = store.retention()) {
      retention.purge(Instant.EPOCH);
    }
    assertThat(count("entry WHERE run = (SELECT number FROM run WHERE id = 'r')")).isZero();
    assertThat(count("run WHERE gone = 'PURGED'")).isEqualTo(1);
  }

  @Test
  void aRunThatHasNotEndedIsNotPurged() {
    Workflow<String, String> waiting =
        Workflow.of("wait", String.class, String.class)
            .version("1")
            .body((run, input) -> run.awaitSignal("go", String.class, SOON).orElse("none"));
    try (var holdfast = store.open()) {
      holdfast.register(waiting);
      holdfast.start(waiting, "w", SECRET, Admission.ofSubject(SECRET));
    }
    try (Retention retention = store.retention()) {
      assertThat(retention.purge(Instant.now().plusSeconds(60))).isZero();
    }
  }

  @Test
  void anArchiveHoldsWhatWasPurgedAndIsTakenElsewhere() throws IOException {
    ofGreta("r", SECRET);
    ofGreta("s", SECRET + " fails");
    List<Entry> before = entries();
    Path archives = Files.createDirectory(folder.resolve("archives"));
    Retention.Archived archived;
    try (Retention retention = store.retention()) {
      archived = retention.archive(archives, Instant.now().plusSeconds(60));
      assertThat(archived.runs()).isEqualTo(2);
      assertThat(archived.files()).hasSize(1);
      assertThatThrownBy(() -> retention.importRuns(archived.files().get(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("r, s. Import into another store");
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.runs(Set.of(), 0, 10)).isEmpty();
    }

    Path other = Files.createDirectory(folder.resolve("other"));
    TestStore elsewhere = TestStore.Kind.SQLITE.made(other, keys());
    try (Retention retention = elsewhere.retention()) {
      assertThat(retention.importRuns(archived.files().get(0)).runs()).containsExactly("r", "s");
    }
    try (JournalReader reader = elsewhere.reader()) {
      assertThat(reader.entries(RUN, 0, 100)).extracting(Recorded::entry).isEqualTo(before);
      assertThat(reader.find(RUN).orElseThrow().status()).isEqualTo(Status.COMPLETED);
      assertThat(reader.facts(Fact.State.HAPPENED, 10)).hasSize(2);
    }
  }

  @Test
  void aRunThatHadNotEndedIsImportedHeld() throws IOException {
    Workflow<String, String> waiting =
        Workflow.of("wait", String.class, String.class)
            .version("1")
            .body((run, input) -> run.awaitSignal("go", String.class, SOON).orElse("none"));
    Path file = folder.resolve("w.jsonl");
    try (var holdfast = store.open()) {
      holdfast.register(waiting);
      var handle = holdfast.start(waiting, "w", SECRET);
      assertThat(handle.await(Duration.ofMillis(300))).isInstanceOf(Outcome.Waiting.class);
    }
    try (JournalReader reader = store.reader();
        var out = Files.newBufferedWriter(file)) {
      var id = new RunId("w");
      new RunFile(reader.find(id).orElseThrow(), reader.entries(id, 0, 100)).write(out);
    }
    TestStore elsewhere =
        TestStore.Kind.SQLITE.made(Files.createDirectory(folder.resolve("other")), keys());
    try (Retention retention = elsewhere.retention()) {
      retention.importRuns(file);
    }
    try (var holdfast = elsewhere.open()) {
      holdfast.register(waiting);
      var handle = holdfast.find("w", String.class);
      assertThat(handle.await(SOON)).isInstanceOf(Outcome.Quarantined.class);
      holdfast.resume("w", "anna", "nothing executes it there");
      holdfast.signal("w", "go", "m1", "went", "anna");
      assertThat(handle.await(SOON)).isEqualTo(new Outcome.Completed<>("went"));
    }
  }

  @Test
  void aFileThatIsCutOrNoneIsRefusedWhole() throws IOException {
    ofGreta("r", SECRET);
    Path archives = Files.createDirectory(folder.resolve("archives"));
    Path file;
    try (Retention retention = store.retention()) {
      file = retention.archive(archives, Instant.now().plusSeconds(60)).files().get(0);
    }
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.jsonl.gz");
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    TestStore elsewhere =
        TestStore.Kind.SQLITE.made(Files.createDirectory(folder.resolve("other")), keys());
    try (Retention retention = elsewhere.retention()) {
      assertThatThrownBy(() -> retention.importRuns(cut)).isInstanceOf(StoreFailed.class);
    }
    try (JournalReader reader = elsewhere.reader()) {
      assertThat(reader.runs(Set.of(), 0, 10)).isEmpty();
    }
  }
}
