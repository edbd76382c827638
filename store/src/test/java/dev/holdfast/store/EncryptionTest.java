package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an encrypted store keeps, and what it does when somebody changed it. */
class EncryptionTest extends OnEveryStore {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "wallet-of-greta";
  private static final String LONG_SECRET = (SECRET + "-long ").repeat(60);
  private static final List<String> COLUMNS =
      List.of(
          "run.subject",
          "run.input_digest",
          "run.awaits",
          "entry.body",
          "payload.text",
          "mailbox.body",
          "fact.name",
          "fact.body",
          "session.state");

  private final Workflow<String, String> workflow =
      Workflow.of("pay", String.class, String.class)
          .version("1")
          .body((run, input) -> {
            String paid =
                run.effect(
                    "pay",
                    input,
                    Effect.keyed(String.class, (key, asked) -> "paid " + LONG_SECRET)
                        .oncePer(Intent.Scope.GLOBAL, "payment", input));
            String signal = run.awaitSignal("go", String.class, SOON).orElse("");
            run.handOn(SECRET + " in state");
            return paid + signal;
          });

  @Override
  TestStore made() {
    return kind.made(folder, Optional.of(new TestKeys("k1")));
  }

  private void completed(String id) {
    try (var holdfast = store.open()) {
      holdfast.register(workflow);
      var handle =
          holdfast.start(
              workflow, id, SECRET, Admission.inSession("desk").subject("subject " + SECRET));
      holdfast.signal(id, "go", "m1", SECRET + " in mail", "anna");
      assertThat(handle.await(SOON)).isInstanceOf(Outcome.Completed.class);
    }
  }

  private List<String> kept(String column) throws SQLException {
    String[] names = column.split("\\.", 2);
    var found = new ArrayList<String>();
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + names[1] + " FROM " + names[0])) {
      while (row.next()) {
        found.add(String.valueOf(row.getString(1)));
      }
    }
    return found;
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  @Test
  void nothingThatARunHoldsIsKeptAsItIs() throws SQLException {
    completed("r");
    try (Client client = store.client()) {
      assertThat(client.find("r", String.class).await(SOON))
          .isEqualTo(new Outcome.Completed<>("paid " + LONG_SECRET + SECRET + " in mail"));
    }
    for (String column : COLUMNS) {
      assertThat(kept(column)).as(column).noneMatch(text -> text.contains("greta"));
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.facts(Fact.State.HAPPENED, 10))
          .singleElement()
          .satisfies(fact -> assertThat(fact.name()).contains(SECRET));
      assertThat(reader.sessionState("desk"))
          .hasValueSatisfying(state -> assertThat(state.text()).contains(SECRET));
    }
  }

  @Test
  void theSameStartIsFoundAndAnotherInputRefused() {
    completed("r");
    try (Client client = store.client()) {
      assertThat(client.start(workflow, "r", SECRET).await(SOON))
          .isInstanceOf(Outcome.Completed.class);
      assertThatThrownBy(() -> client.start(workflow, "r", "other"))
          .isInstanceOf(RunException.RunConflict.class);
    }
  }

  @Test
  void aDigestCannotBeComputedWithoutTheStore() throws SQLException {
    completed("r");
    String known = new KeyedCodec(new byte[32]).encode(SECRET).text();
    byte[] plain = PlainVault.PLAIN.codec().digest(known);
    String digest = java.util.HexFormat.of().formatHex(plain, 0, 16);
    assertThat(kept("run.input_digest")).doesNotContain(digest);
    assertThat(kept("entry.body")).noneMatch(body -> body.contains(digest));
  }

  @Test
  void otherKeysAreRefusedAndNothingIsLost() {
    completed("r");
    assertRefused(Optional.empty(), "is encrypted under the key 'k1'");
    assertRefused(Optional.of(TestKeys.impostor("k1")), "The key 'k1' does not open");
    assertRefused(Optional.of(new TestKeys("k2")), "was not given");
    completed("s");
  }

  private void assertRefused(Optional<Encryption> keys, String why) {
    TestStore other = store.with(keys);
    assertThatThrownBy(other::open).isInstanceOf(StoreFailed.class).hasMessageContaining(why);
    assertThatThrownBy(other::reader).isInstanceOf(StoreFailed.class).hasMessageContaining(why);
    assertThatThrownBy(other::client).isInstanceOf(StoreFailed.class).hasMessageContaining(why);
  }

  @Test
  void whatIsNewIsWrappedByTheNewKey() throws SQLException {
    completed("r");
    TestStore rotated = store.with(Optional.of(new TestKeys("k1", "k2")));
    try (var holdfast = rotated.open()) {
      holdfast.register(workflow);
      holdfast.start(workflow, "s", SECRET, Admission.inSession("desk"));
      assertThat(holdfast.find("r", String.class).await(SOON))
          .isInstanceOf(Outcome.Completed.class);
    }
    assertThat(kept("payload.text"))
        .anyMatch(text -> text.startsWith("v1:k1:"))
        .anyMatch(text -> text.startsWith("v1:k2:"));
  }

  @Test
  void aFlippedBitIsReportedWithItsRunAndEntry() throws SQLException {
    completed("r");
    change(
        "UPDATE entry SET body = replace(body, '\"result\":\"', '\"result\":\"AAAA')"
            + " WHERE body LIKE '%RunCompleted%' OR body LIKE '%EffectSucceeded%'");
    change("UPDATE payload SET text = 'AAAA' || substr(text, 5) WHERE digest <> 'key'");
    assertUnreadable("run r, ");
  }

  @Test
  void movedRowsAreReportedAndNeverReadAsAnothers() throws SQLException {
    completed("r");
    completed("s");
    change(
        "UPDATE entry SET body = (SELECT max(o.body) FROM entry o WHERE o.sequence = 0"
            + " AND o.run <> entry.run) WHERE sequence = 0 AND run = (SELECT number FROM run"
            + " WHERE id = 'r')");
    assertUnreadable("run r, entry 0");
  }

  @Test
  void entriesOfOneRunCannotTakeEachOthersPlace() throws SQLException {
    completed("r");
    change(
        "UPDATE entry SET body = (SELECT o.body FROM entry o WHERE o.sequence = 0"
            + " AND o.run = entry.run) WHERE sequence = 2");
    assertUnreadable("run r, entry 2");
  }

  @Test
  void aRunWithoutItsKeyIsReportedAndNotReadAsErased() throws SQLException {
    completed("r");
    change("DELETE FROM payload WHERE digest = 'key'");
    assertUnreadable("key");
  }

  private void assertUnreadable(String what) {
    try (JournalReader reader = store.reader()) {
      assertThatThrownBy(
              () -> {
                List<Recorded> read = reader.entries(new RunId("r"), 0, 100);
                assertThat(read).as("read in spite of it").isEmpty();
              })
          .isInstanceOf(StoreFailed.class)
          .hasMessageContaining(what)
          .hasMessageContaining("Restore a backup");
    }
  }
}
