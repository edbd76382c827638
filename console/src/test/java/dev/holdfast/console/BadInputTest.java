package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake gets one message with the facts and the remedy, an exit code, and costs nothing. */
class BadInputTest {
  @TempDir private Path directory;

  @Test
  void suggestsTheNearestCommand() {
    refused(2, run("shwo"), "There is no command 'shwo'", "show");
    refused(2, run("xyzzy"), "There is no command 'xyzzy'", "holdfast --help");
    refused(2, run("runs", "--limt", "3"), "--limit");
    refused(2, run("show"), "Missing required parameter", "RUN");
    refused(2, run("runs", "--status", "DONE"), "--status", "COMPLETED");
  }

  @Test
  void printsHelpWithoutACommand() {
    Invocation help = run();
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("demo", "runs", "show", "resolve", "resume", "doctor");
  }

  @Test
  void namesAMissingStore() {
    for (String command : new String[] {"runs", "doctor"}) {
      refused(1, run(command, "--store", "no.db"), "There is no store at", "no.db", "--store FILE");
    }
    refused(1, run("show", "x", "--store", "no.db"), "There is no store at");
    refused(1, run("resume", "x", "--why", "y"), "There is no store at", "holdfast.db");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void refusesAFileThatIsNoStore() throws Exception {
    Path text = Files.writeString(directory.resolve("notes.txt"), "not a database, just words");
    refused(1, run("runs", "--store", "notes.txt"), "notes.txt");
    assertThat(text).hasContent("not a database, just words");
  }

  @Test
  void refusesAStoreThatANewerVersionMade() throws Exception {
    Path store = Pickups.store(directory);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }
    for (String command : new String[] {"runs", "doctor"}) {
      refused(1, run(command), "newer", "99", "Upgrade");
    }
    assertThatThrownBy(() -> Holdfast.open(store).close()).hasMessageContaining("newer");
  }

  @Test
  void refusesASecondExecutorAndNamesTheFirst() {
    Path store = Pickups.store(directory);
    try (var first = Holdfast.open(store)) {
      assertThatThrownBy(() -> Holdfast.open(store).close())
          .hasMessageContaining("pid=" + ProcessHandle.current().pid())
          .hasMessageContaining("Holdfast.client");
      assertThat(first.find("pickup-good", String.class).outcome().isEnded()).isTrue();
    }
  }

  @Test
  void refusesRunIdsOutOfBounds() {
    Pickups.store(directory);
    refused(1, run("show", ""), "run id is empty", "Choose one");
    refused(1, run("show", "x".repeat(201)), "201 characters > 200", "Shorten");
    refused(1, run("resume", " ", "--why", "y"), "run id is empty");
  }

  @Test
  void namesOtherRunsWhereThereIsNoneOfThatId() {
    Pickups.store(directory);
    refused(1, run("show", "pickup-x"), "no run 'pickup-x'", "pickup-broken", "holdfast runs");
  }

  @Test
  void refusesSettlementsThatCannotBeMeant() {
    Pickups.store(directory);
    String[] happened = {"resolve", "pickup-good", "book-pickup", "--happened", "1", "--why", "y"};
    refused(1, run(happened), "not in doubt", "No step of the run is in doubt");
    happened[1] = "pickup-doubt";
    happened[2] = "pay";
    refused(1, run(happened), "'pay'", "In doubt are: " + Pickups.STEP);
    happened[2] = "book-pickup";
    happened[4] = "P-1";
    refused(1, run(happened), "as JSON", "'P-1'", "double quotes");
    refused(2, run("resolve", "pickup-doubt", "book-pickup", "--why", "y"), "--happened");
    refused(2, run("resolve", "pickup-doubt", "book-pickup", "--did-not-happen"), "--why");
    assertThat(run("show", "pickup-doubt").out()).doesNotContain("not applied yet");
  }

  @Test
  void refusesASecondSettlement() {
    Pickups.store(directory);
    String[] denial = {"resolve", "pickup-doubt", "book-pickup", "--did-not-happen", "--why", "y"};
    assertThat(run(denial).code()).isZero();
    refused(1, run(denial), "settled already", "nothing more was recorded");
  }

  @Test
  void refusesToResumeARunThatNeedsNobody() {
    Pickups.store(directory);
    refused(1, run("resume", "pickup-good", "--why", "y"), "COMPLETED", "another id");
    refused(1, run("resume", "pickup-doubt", "--why", "y"), "IN_DOUBT", "holdfast resolve");
  }

  @Test
  void refusesTheSameIdWithAnotherInputAndAnUnknownWorkflow() {
    Path store = Pickups.store(directory);
    var workflow = Pickups.workflow();
    try (var holdfast = Holdfast.open(store)) {
      assertThatThrownBy(() -> holdfast.start(workflow, "new", "1"))
          .isInstanceOf(RunException.NotRegistered.class)
          .hasMessageContaining("register");
      holdfast.register(workflow);
      assertThatThrownBy(() -> holdfast.start(workflow, "pickup-good", "2"))
          .isInstanceOf(RunException.RunConflict.class)
          .hasMessageContainingAll("\"1\"", "\"2\"", "another id");
      Workflow<String, String> other =
          Workflow.of("other", String.class, String.class).body((run, in) -> in);
      holdfast.register(other);
      assertThatThrownBy(() -> holdfast.start(other, "pickup-good", "1"))
          .isInstanceOf(RunException.RunConflict.class)
          .hasMessageContainingAll("pickup", "other");
      assertThat(holdfast.find("pickup-good", String.class).run()).isEqualTo("P-1");
    }
  }

  @Test
  void complainsInJsonToo() throws Exception {
    Invocation refused = run("runs", "--store", "no.db", "--json");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(Json.parsed(refused.out()).get("error").asText()).contains("There is no store at");
  }

  @Test
  void refusesToOverwriteAStoreWithADemo() throws Exception {
    Path store = Pickups.store(directory);
    byte[] before = Files.readAllBytes(store);
    refused(1, run("demo", "--store", "holdfast.db"), "exists", "Name a file");
    refused(1, run("demo", "--base-url", "http://localhost:1/v1"), "--model");
    refused(1, run("demo", "--model", "m", "--base-url", "ftp://x"), "http://", "base URL");
    assertThat(store).hasBinaryContent(before);
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  private static void refused(int code, Invocation invocation, String... parts) {
    assertThat(invocation.err()).contains(parts).doesNotContain("\tat ", "Exception");
    assertThat(invocation.code()).isEqualTo(code);
  }
}
