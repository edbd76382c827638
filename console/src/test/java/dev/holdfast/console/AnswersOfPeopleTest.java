package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.StoreAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code approve}, {@code signal}, {@code cancel} and {@code resolve} take and refuse. */
class AnswersOfPeopleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @BeforeEach
  void makeTheStore() {
    Workflow<String, Boolean> two =
        Workflow.of("two", String.class, Boolean.class)
            .body((run, in) -> {
              run.parallel("ask", List.of(asking("left"), asking("right")));
              return true;
            });
    Workflow<String, Boolean> quick =
        Workflow.of("quick", String.class, Boolean.class).body((run, in) -> true);
    var refund = RefundDesk.workflow(directory);
    try (var holdfast = Holdfast.open(store())) {
      holdfast.register(refund, two, quick);
      holdfast.start(refund, "refund-1", RefundDesk.CUP);
      holdfast.start(two, "two-1", "");
      holdfast.start(quick, "done-1", "").run(PATIENCE);
      await().atMost(PATIENCE).until(() -> isAsking("refund-1") && isAsking("two-1"));
    }
  }

  private static Run.Branch<Boolean> asking(String label) {
    return new Run.Branch<>(
        label, run -> run.awaitApproval("sign", label, Duration.ofDays(1)).granted());
  }

  @Test
  void takesTheOnlyQuestionOfARunWithoutItsStep() {
    Invocation yes = run("approve", "refund-1", "--yes", "--why", "fine", "--who", "ada");
    assertThat(yes.code()).isZero();
    assertThat(yes.out())
        .contains("ada says yes to approval:manager#0", "cents: 4900")
        .contains("Recorded; applied when an application opens this store");
    assertThat(run("show", "refund-1").out()).contains("ada says yes").doesNotContain("--yes");
    refused(1, run("approve", "refund-1", "--no", "--why", "x", "--who", "bob"), "ada answered");
  }

  @Test
  void printsAnswersForMachines() throws Exception {
    JsonNode no =
        Json.parsed(
            run("approve", "refund-1", "--no", "--why", "late", "--who", "bob", "--json").out());
    assertThat(no.get("delivery").asText()).isEqualTo("recorded");
    assertThat(no.get("granted").asBoolean()).isFalse();
    assertThat(no.get("shown").get("orderId").asText()).isEqualTo("4711");
    JsonNode sent = Json.parsed(run("signal", "two-1", "go", "--json").out());
    assertThat(sent.get("id").asText()).startsWith("by-hand-");
    JsonNode ended = Json.parsed(run("cancel", "two-1", "--why", "y", "--json").out());
    assertThat(ended.get("delivery").asText()).isEqualTo("recorded");
    assertThat(ended.get("unsettled")).isEmpty();
    JsonNode shown = Json.parsed(run("show", "refund-1", "--json").out());
    assertThat(shown.get("steps").get(0).get("standing").asText()).isEqualTo("ASKED");
    assertThat(shown.get("steps").get(0).get("question").get("digest").asText()).hasSize(32);
    assertThat(shown.get("waits").get(0).get("for").asText()).isEqualTo("approval");
  }

  @Test
  void asksWhichOfSeveralQuestionsIsMeant() {
    String[] yes = {"approve", "two-1", "--yes", "--why", "y"};
    refused(1, run(yes), "several approvals", "left", "right", "nothing was recorded");
    refused(1, run("approve", "two-1", "sign", "--yes", "--why", "y"), "not one step only");
    refused(1, run("approve", "two-1", "pay", "--yes", "--why", "y"), "'pay'", "These ask");
    String left = "par:ask#0/branch:left/approval:sign#0";
    assertThat(run("approve", "two-1", left, "--yes", "--why", "y").code()).isZero();
    refused(1, run("approve", "two-1", left, "--no", "--why", "y"), "answered before");
  }

  @Test
  void refusesAnAnswerToWhatThePersonDidNotSee() {
    String[] yes = {"approve", "refund-1", "--yes", "--why", "y", "--who", "ada", "--digest", ""};
    yes[8] = "0".repeat(16);
    refused(1, run(yes), "something else than you were shown", "holdfast inbox");
    yes[8] = "0123";
    refused(1, run(yes), "at least 16 characters", "'0123'");
    assertThat(run("inbox").out()).contains("refund-1 asks");
  }

  @Test
  void refusesWhoMayNotAnswerAndRunsThatDoNotAsk() {
    String[] yes = {"approve", "refund-1", "--yes", "--why", "y", "--who", "mallory"};
    refused(1, run(yes), "mallory may not answer", "ada or bob may", "--who");
    yes[1] = "done-1";
    refused(1, run(yes), "COMPLETED", "asks for no approval", "holdfast show done-1");
    yes[1] = "no-run";
    refused(1, run(yes), "There is no run 'no-run'", "refund-1");
    refused(2, run("approve", "refund-1", "--why", "y"), "--yes");
    refused(2, run("approve", "refund-1", "--yes", "--no", "--why", "y"), "mutually exclusive");
    refused(2, run("approve", "refund-1", "--yes"), "--why");
  }

  @Test
  void tellsWhoseAnswerCameFirstWhenTwoRace() throws Exception {
    try (JournalReader reader = Holdfast.reader(store())) {
      var path = StepPath.ROOT.child("approval", "manager", 0);
      var id = new RunId("refund-1");
      try (var client = Holdfast.client(store())) {
        var asked = client.questions("refund-1").getFirst();
        var late = new Message.Approve(path, asked.digest(), false, "bob", "no");
        client.approve("refund-1", asked, true, "ada", "yes");
        var sending = Sending.to(id, reader, StoreAddress.of(store()));
        assertThat(sending.follow(late).state()).isEqualTo(Delivery.State.RECORDED);
        sendBehindTheBackOf(late);
        try (var holdfast = Holdfast.open(store())) {
          holdfast.register(RefundDesk.workflow(directory));
          Delivery delivery = sending.follow(late);
          assertThat(delivery.state()).isEqualTo(Delivery.State.REFUSED);
          assertThat(delivery.text()).contains("ada said yes before");
        }
      }
    }
  }

  /** What a second process may do between the first one's look and its write. */
  private void sendBehindTheBackOf(Message message) throws SQLException {
    String sql =
        "INSERT INTO mailbox (run, at, body) SELECT number, 0, ? FROM run WHERE id = 'refund-1'";
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + store());
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, JsonCodec.standard().write(message));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void countsASignalTypedTwiceOnce() throws Exception {
    String[] paid = {"signal", "two-1", "paid", "--value", "{\"cents\": 1}"};
    assertThat(run(paid).out())
        .contains("sent the signal 'paid' (id by-hand-", "No step waits for 'paid' now");
    Invocation again = run(paid);
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("was sent before", "nothing more was recorded", "--id");
    assertThat(run("signal", "two-1", "paid", "--value", "{\"cents\": 1}", "--id", "p2").code())
        .isZero();
    JsonNode mail = Json.parsed(run("show", "two-1", "--json").out()).get("mail");
    assertThat(mail).hasSize(2);
    assertThat(mail.get(1).get("id").asText()).isEqualTo("p2");
    String[] other = {"signal", "two-1", "paid", "--value", "2", "--id", "p2"};
    refused(1, run(other), "another value", "another --id");
  }

  @Test
  void tellsThatTheStepWhichWaitsCannotReadTheSignal() {
    String[] granted = {"approve", "refund-1", "--yes", "--why", "y", "--who", "ada"};
    assertThat(run(granted).code()).isZero();
    try (var holdfast = Holdfast.open(store())) {
      holdfast.register(RefundDesk.workflow(directory));
      await().atMost(PATIENCE).until(() -> run("show", "refund-1").out().contains("goods-back#0"));
      String[] unreadable = {"signal", "refund-1", "goods-back", "--value", "{\"parcel\": 9}"};
      refused(1, run(unreadable), "changed nothing", "can read", "holdfast show refund-1");
      String[] early = {"signal", "refund-1", "later", "--value", "{\"parcel\": 9}"};
      assertThat(run(early).out()).contains("Applied", "only for goods-back");
    }
  }

  @Test
  void refusesSignalsThatNoStepCouldRead() {
    refused(1, run("signal", "two-1", "paid", "--value", "P-1"), "needs JSON", "'P-1'", "quotes");
    refused(1, run("signal", "two-1", "paid", "--value", "null"), "'null'", "--value true");
    refused(1, run("signal", "two-1", "paid", "--value", ""), "--value");
    refused(1, run("signal", "two-1", "a/b"), "'a/b'", "separate paths");
    refused(1, run("signal", "two-1", "paid", "--id", "x".repeat(201)), "201");
    refused(1, run("signal", "done-1", "paid"), "has ended (COMPLETED)");
    refused(1, run("signal", "no-run", "paid"), "There is no run");
    refused(2, run("signal", "two-1"), "NAME");
    assertThat(run("show", "two-1").out()).doesNotContain("not applied yet");
  }

  @Test
  void cancelsOnceAndOnlyWhatHasNotEnded() {
    refused(
        1,
        run("cancel", "done-1", "--why", "y"),
        "has ended (COMPLETED)",
        "--undo undoes what it did");
    refused(1, run("cancel", "no-run", "--why", "y"), "There is no run");
    refused(2, run("cancel", "two-1"), "--why");
    assertThat(run("cancel", "two-1", "--why", "y", "--who", "ada").code()).isZero();
    refused(1, run("cancel", "two-1", "--why", "z"), "told to end already", "ada");
    assertThat(run("inbox").out()).contains("ada says end it").doesNotContain("two-1 asks");
    try (var holdfast = Holdfast.open(store())) {
      holdfast.register(Workflow.of("two", String.class, Boolean.class).body((run, in) -> true));
      await().atMost(PATIENCE).until(() -> run("runs").out().contains("CANCELLED"));
    }
    refused(1, run("cancel", "two-1", "--why", "y"), "has ended (CANCELLED)", "holdfast show");
    assertThat(run("show", "two-1").out())
        .contains("cancelled by ada: y", "every step that it began has its outcome");
  }

  @Test
  void settlesOnlyFactsThatAreInDoubt() {
    String[] fact = {"resolve", "--fact", "refund[\"1\"]", "--did-not-happen", "--why", "y"};
    refused(1, run(fact), "'refund[\"1\"]' is not in doubt", "No fact is");
    refused(2, run("resolve", "--did-not-happen", "--why", "y"), "RUN and STEP, or --fact");
    refused(2, run("resolve", "two-1", "--did-not-happen", "--why", "y"), "RUN and STEP");
    refused(
        2,
        run("resolve", "two-1", "sign", "--fact", "f", "--did-not-happen", "--why", "y"),
        "not both");
    refused(2, run("resolve", "--fact", "f", "--why", "y"), "--happened");
    refused(2, run("resolve", "--fact", "f", "--did-not-happen"), "--why");
  }

  @Test
  void refusesLimitsOutOfBounds() {
    refused(1, run("inbox", "--limit", "0"), "1 to 1000", "is 0");
    refused(1, run("inbox", "--limit", "1001"), "1 to 1000");
    refused(2, run("inbox", "--limit", "many"), "--limit");
  }

  private boolean isAsking(String id) throws Exception {
    JsonNode shown = Json.parsed(run("show", id, "--json").out());
    return shown.get("status").asText().equals("AWAITING_APPROVAL");
  }

  private Path store() {
    return directory.resolve("holdfast.db");
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  private static void refused(int code, Invocation invocation, String... parts) {
    assertThat(invocation.err()).contains(parts).doesNotContain("\tat ", "Exception");
    assertThat(invocation.code()).isEqualTo(code);
  }
}
