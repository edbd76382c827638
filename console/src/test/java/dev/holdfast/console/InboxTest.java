package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void listsEverythingThatWaitsForAPersonTheOldestFirst() throws Exception {
    Pickups.store(directory);
    ask("refund-1");
    JsonNode inbox = Json.parsed(run("inbox", "--json").out());
    assertThat(inbox.get("total").asInt()).isEqualTo(3);
    assertThat(inbox.get("needs").findValuesAsText("run"))
        .containsExactly("pickup-doubt", "pickup-broken", "refund-1");
    assertThat(inbox.get("needs").findValuesAsText("kind"))
        .containsExactly("doubt", "quarantine", "approval");
    JsonNode question = inbox.get("needs").get(2);
    assertThat(question.get("shown").get("cents").asLong()).isEqualTo(4_900);
    assertThat(question.get("approvers").get(0).asText()).isEqualTo("ada");
    assertThat(question.get("escalates").asBoolean()).isTrue();
  }

  @Test
  void saysWhatEachAnswerDoesAndWhatToType() {
    Pickups.store(directory);
    ask("refund-1");
    assertThat(run("inbox").out())
        .contains("pickup-doubt does not know whether book-pickup happened")
        .contains("once: a repeat does harm", "it is sent again, as try 2")
        .contains("pickup-broken is quarantined", "holdfast cancel pickup-broken --why WHY")
        .contains("refund-1 asks for an approval", "cents: 4900", "| and it was a present")
        .containsPattern("who may +ada, bob\n")
        .containsPattern("until +\\S+ \\S+ UTC \\(in 1 d\\), then others")
        .containsPattern("nothing +at .* others are asked, once")
        .containsPattern(
            "holdfast approve refund-1 'approval:manager#0' --yes --digest [0-9a-f]{16} ")
        .contains("3 entries, the oldest first.");
  }

  @Test
  void fitsATerminalExceptForCommands() {
    Pickups.store(directory);
    ask("refund-1");
    assertThat(run("inbox").out().lines())
        .filteredOn(line -> !line.strip().startsWith("holdfast "))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void showsAsManyAsAskedAndSaysHowToSeeTheRest() {
    Pickups.store(directory);
    assertThat(run("inbox", "--limit", "1").out())
        .contains("pickup-doubt", "1 of 2, the oldest first. More: --limit 2")
        .doesNotContain("pickup-broken");
  }

  @Test
  void helpsWhoeverFindsItEmpty() throws Exception {
    Holdfast.open(directory.resolve("holdfast.db")).close();
    Invocation empty = run("inbox");
    assertThat(empty.code()).isZero();
    assertThat(empty.out()).contains("Nobody is waited for", "holdfast.db", "holdfast runs");
    assertThat(Json.parsed(run("inbox", "--json").out()).get("needs")).isEmpty();
  }

  @Test
  void asksNobodyTwice() throws Exception {
    Pickups.store(directory);
    String[] told = {
      "resolve", "pickup-doubt", "book-pickup", "--happened", "\"P-2\"", "--why", "y"
    };
    assertThat(run(told).code()).isZero();
    JsonNode needs = Json.parsed(run("inbox", "--json").out()).get("needs");
    assertThat(needs.findValuesAsText("kind")).containsExactly("quarantine", "mail");
    assertThat(needs.get(1).get("mail").get("says").asText()).contains("it happened");
    assertThat(run("inbox").out())
        .contains("mail that is not applied yet")
        .contains("it is applied when an application opens this store");
  }

  @Test
  void knowsThatOnlyItsCallerGoesOnWithAnAttachedRun() {
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> holdfast.attached("report", String.class, PATIENCE, InboxTest::mailReport))
          .isInstanceOf(RunException.RunNotEnded.class);
    }
    assertThat(run("inbox").out().replaceAll("\\s+", " "))
        .contains("as try 2, when its caller calls again");
    Invocation told = run("resolve", "report", "mail", "--did-not-happen", "--why", "not there");
    assertThat(told.out()).contains("applied when the run's caller calls again");
  }

  private static String mailReport() {
    return Run.current()
        .orElseThrow()
        .effect("mail", "all", Effect.once(String.class, (key, in) -> lose()));
  }

  private static String lose() throws IOException {
    throw new IOException("the connection broke");
  }

  @Test
  void findsADoubtThatAnotherMessageMadeReady() throws Exception {
    Path store = directory.resolve("holdfast.db");
    Workflow<String, String> both =
        Workflow.of("both", String.class, String.class)
            .body((run, in) -> {
              run.parallel("two", List.of(branch("a"), branch("b")));
              return "done";
            });
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(both);
      assertThat(holdfast.start(both, "both", "x").await(PATIENCE))
          .isInstanceOf(Outcome.InDoubt.class);
    }
    JsonNode doubts = Json.parsed(run("inbox", "--json").out()).get("needs");
    assertThat(doubts).hasSize(2);
    String step = doubts.get(0).get("step").asText();
    assertThat(run("resolve", "both", step, "--happened", "\"1\"", "--why", "y").code()).isZero();
    JsonNode left = Json.parsed(run("inbox", "--json").out()).get("needs");
    assertThat(left.findValuesAsText("kind")).containsExactly("doubt", "mail");
    assertThat(left.get(0).get("step").asText()).isEqualTo(doubts.get(1).get("step").asText());
  }

  private static Run.Branch<String> branch(String label) {
    return new Run.Branch<>(
        label, run -> run.effect("send", label, Effect.once(String.class, (key, in) -> lose())));
  }

  @Test
  void tellsWhatAnAnswerDoesToARunThatWentOnWithoutKnowing() {
    List<String> answers = does(DoubtPolicy.PROCEED);
    assertThat(answers.get(0)).contains("went on without knowing, and may complete");
    assertThat(answers.get(1)).contains("is quarantined when it gets to its end");
    assertThat(answers.get(2)).contains("cannot complete");
    assertThat(does(DoubtPolicy.ASK).get(1)).contains("sent again");
  }

  private static List<String> does(DoubtPolicy policy) {
    var history = new ArrayList<Recorded>(Histories.acrossCrashes());
    var doubted = new Entry.EffectDoubted(Histories.PICKUP, "the process ended", policy);
    history.add(new Recorded(history.size(), 3, Histories.START, doubted));
    List<Need> needs = Inbox.of(Histories.state(Status.IN_DOUBT, 3), history, List.of());
    assertThat(needs).hasSize(1);
    return answers(true, Histories.START).of(needs.getFirst()).stream().map(Answer::does).toList();
  }

  @Test
  void offersNoAnswerThatCannotCountAnyMore() {
    Instant due = Histories.START.plusSeconds(60);
    assertThat(answersTo(due, false, due.plusSeconds(1)))
        .extracting(Answer::says)
        .containsExactly("nothing");
    assertThat(answersTo(due, false, due.plusSeconds(1)).getFirst().does())
        .contains("1 s ago", "once an application opens this store", "expired, which is no yes");
    assertThat(answersTo(due, true, due.plusSeconds(1)))
        .extracting(Answer::says)
        .containsExactly("yes", "no", "nothing");
    assertThat(answersTo(due, false, due.minusSeconds(1)).getLast().does())
        .contains("in 1 s", "it counts as expired");
  }

  private static List<Answer> answersTo(Instant due, boolean escalates, Instant now) {
    var path = dev.holdfast.journal.StepPath.ROOT.child("approval", "manager", 0);
    var asked =
        new Entry.ApprovalAsked(
            path, new Payload("1"), "0123456789abcdef0123", List.of(), due, escalates);
    var run = Histories.state(Status.AWAITING_APPROVAL, 1);
    return answers(false, now).of(new Need.Question(run, Histories.START, asked));
  }

  private static Answers answers(boolean isExecuted, Instant now) {
    return new Answers(new Remedies(Optional.empty()), isExecuted, now);
  }

  /** Starts a refund and leaves it where it asks for its approval. */
  private void ask(String id) {
    var workflow = RefundDesk.workflow(directory);
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"))) {
      holdfast.register(workflow);
      holdfast.start(workflow, id, RefundDesk.CUP);
      await().atMost(PATIENCE).until(() -> isParked(id));
    }
  }

  private boolean isParked(String id) throws Exception {
    JsonNode shown = Json.parsed(run("show", id, "--json").out());
    return shown.get("status").asText().equals("AWAITING_APPROVAL");
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }
}
