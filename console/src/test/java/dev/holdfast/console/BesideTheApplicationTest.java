package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People answer a run that another process executes. */
class BesideTheApplicationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void answersSignalsAndPaysWhileTheApplicationRuns() throws Exception {
    try (ChildJvm desk = desk("refund-1")) {
      awaitStatus("refund-1", "AWAITING_APPROVAL");
      String command = commandOf("yes", run("inbox", "--json").out());
      Invocation yes = typed(command, "ada", "the photo shows it");
      assertThat(yes.out()).contains("ada says yes", "cents: 4900", "Applied by the application");

      awaitStatus("refund-1", "WAITING");
      Invocation sent = run("signal", "refund-1", "goods-back", "--value", "\"parcel 9\"");
      assertThat(sent.out()).contains("by-hand-", "Applied by the application");
      Files.writeString(directory.resolve("bank-answers"), "yes");
      awaitStatus("refund-1", "COMPLETED");
      assertThat(run("show", "refund-1").out())
          .contains("granted by ada: the photo shows it", "got \"parcel 9\"", "completed: \"R-1\"");
      assertThat(run("inbox").out()).contains("Nobody is waited for");
      desk.kill();
    }
  }

  @Test
  void cancelsWhileAStepIsUnderWayAndListsNothingThatHasItsOutcome() throws Exception {
    try (ChildJvm desk = desk("refund-1")) {
      bringToTheBank("refund-1");
      Invocation cancelled = run("cancel", "refund-1", "--why", "paid in cash", "--who", "ada");
      assertThat(cancelled.code()).isZero();
      assertThat(cancelled.out()).contains("once the step under way allows");
      Files.writeString(directory.resolve("bank-answers"), "yes");
      awaitStatus("refund-1", "CANCELLED");
      assertThat(run("show", "refund-1").out())
          .contains("cancelled by ada: paid in cash", "every step that it began has its outcome");
      desk.kill();
    }
  }

  @Test
  void listsWhatMayHaveHappenedToARunThatDiedAndWasCancelled() throws Exception {
    try (ChildJvm desk = desk("refund-1")) {
      bringToTheBank("refund-1");
      desk.kill();
    }
    Invocation told = run("cancel", "refund-1", "--why", "paid in cash", "--who", "ada");
    assertThat(told.out()).contains("applied when an application opens this store");
    assertThat(run("inbox").out()).contains("mail that is not applied yet", "ada says end it");
    try (ChildJvm desk = desk()) {
      awaitStatus("refund-1", "CANCELLED");
      assertThat(run("show", "refund-1").out())
          .contains("these may have happened", "effect:pay-back#0", "holdfast resolve --fact");
      String command = commandOf("it happened", run("inbox", "--json").out());
      assertThat(command).contains("resolve --fact 'refund[\"4711\"]'");
      String[] settle = {
        "resolve", "--fact", "refund[\"4711\"]", "--happened", "\"R-7\"", "--why", "asked the bank"
      };
      Invocation settled = run(settle);
      assertThat(settled.out()).contains("Settled the fact", "R-7");
      assertThat(run("inbox").out()).contains("Nobody is waited for");
      desk.kill();
    }
  }

  private ChildJvm desk(String... runs) {
    List<String> arguments = Stream.concat(Stream.of(store().toString()), Stream.of(runs)).toList();
    ChildJvm desk = ChildJvm.start(RefundDesk.class, arguments);
    desk.awaitLine(RefundDesk.READY, PATIENCE);
    return desk;
  }

  private void bringToTheBank(String id) {
    awaitStatus(id, "AWAITING_APPROVAL");
    assertThat(run("approve", id, "--yes", "--why", "fine", "--who", "bob").code()).isZero();
    awaitStatus(id, "WAITING");
    assertThat(run("signal", id, "goods-back", "--value", "\"parcel\"").code()).isZero();
    await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("bank-asked")));
  }

  private void awaitStatus(String id, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Json.parsed(run("show", id, "--json").out()).get("status").asText())
                .isEqualTo(status));
  }

  /** The command that the inbox gives for that answer to its only need. */
  static String commandOf(String answer, String inbox) throws Exception {
    for (var each : Json.parsed(inbox).get("needs").get(0).get("answers")) {
      if (each.get("answer").asText().equals(answer)) {
        return each.get("command").asText();
      }
    }
    throw new AssertionError("No answer '%s' in %s".formatted(answer, inbox));
  }

  /** Runs a command of the inbox with the blanks filled in. */
  private Invocation typed(String command, String who, String why) {
    assertThat(command).startsWith("holdfast ").contains(" --who WHO", " --why WHY");
    return run(
        Stream.of(command.split(" "))
            .skip(1)
            .map(word -> word.equals("WHY") ? why : word.equals("WHO") ? who : word)
            .map(word -> word.replace("'", ""))
            .toArray(String[]::new));
  }

  private Path store() {
    return directory.resolve("holdfast.db");
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }
}
