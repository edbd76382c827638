package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
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
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a person left anywhere in a plain store is nowhere in it once it is erased. */
class ErasedTracesTest extends OnEveryStore {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "greta";
  private static final String LONG = (SECRET + " and so on ").repeat(100);
  private static final StepPath POST = StepPath.ROOT.child("effect", "post", 0);
  private static final List<String> TABLES =
      List.of("run", "entry", "payload", "mailbox", "fact", "session");

  private final Workflow<String, String> packing =
      Workflow.of("packing", String.class, String.class)
          .body((run, item) -> run.effect("pack", item, Effect.read(String.class, x -> x + LONG)));
  private final Workflow<String, String> everything =
      Workflow.of("everything", String.class, String.class)
          .failsOn(IllegalStateException.class)
          .body(this::everything);

  private String everything(Run run, String input) {
    run.effect(
        "pay",
        input,
        Effect.keyed(String.class, (key, asked) -> LONG)
            .oncePer(Intent.Scope.GLOBAL, "payment", input));
    run.child("pack", packing, input);
    run.turns("count", String.class, input, (turn, state) -> Run.Turn.done(state + LONG));
    refused(run, input);
    run.effect("post", input, Effect.once(String.class, ErasedTracesTest::lost));
    run.awaitApproval("may", input + LONG, SOON);
    run.awaitSignal("go", String.class, SOON);
    run.handOn(input);
    if (input.contains("fails")) {
      throw new IllegalStateException("no money for " + input);
    }
    return LONG;
  }

  private static void refused(Run run, String input) {
    try {
      run.effect("ship", input, Effect.keyed(String.class, (key, asked) -> refusal(input)));
    } catch (EffectFailed expected) {
      assertThat(expected).hasMessageContaining("address");
    }
  }

  private static String refusal(String input) {
    throw new KnownFailure(new Failure.Rejected("address", "no address of " + input));
  }

  private static String lost(Object key, String what) throws IOException {
    throw new IOException("the connection broke for " + what);
  }

  private void play(Holdfast holdfast, String id, String input) {
    var admission = Admission.inSession("desk of " + id).subject(SECRET);
    var handle = holdfast.start(everything, id, input, admission);
    Awaitility.await().atMost(SOON).until(() -> handle.await(SOON) instanceof Outcome.InDoubt);
    var sent = new Verdict.Happened(new Payload("\"" + SECRET + "\""));
    holdfast.settle(id, POST, sent, "anna", "as " + SECRET + " says");
    Awaitility.await().atMost(SOON).until(() -> !holdfast.questions(id).isEmpty());
    holdfast.approve(id, holdfast.questions(id).get(0), true, "anna", "for " + SECRET);
    if (input.contains("cancelled")) {
      holdfast.cancel(id, "anna", SECRET + " wants it");
    } else {
      holdfast.signal(id, "go", "m1", LONG, "anna");
    }
    assertThat(handle.await(SOON)).isNotInstanceOf(Outcome.Waiting.class);
  }

  @Test
  void nothingIsLeftAnywhere() throws SQLException, IOException {
    try (var holdfast = store.open()) {
      holdfast.register(packing, everything);
      play(holdfast, "r", SECRET);
      play(holdfast, "s", SECRET + " fails");
      play(holdfast, "t", SECRET + " cancelled");
      leaveMail();
      assertThat(traces()).isGreaterThan(30);
      try (Retention retention = store.retention()) {
        assertThat(retention.eraseSubject(SECRET, "anna", "asked for it")).isEqualTo(6);
      }
      assertThat(traces()).isZero();
      assertThat(filesWithTraces()).isEmpty();
    }
    assertThat(filesWithTraces()).isEmpty();
  }

  /** As somebody does who writes at the moment at which the run ends. */
  private void leaveMail() throws SQLException {
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO mailbox (run, at, body) SELECT number, 1, 'mail to %s' FROM run"
              .formatted(SECRET));
    }
  }

  /** In how many values of all tables it stands. */
  private int traces() throws SQLException {
    int traces = 0;
    try (Connection connection = store.connection();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          while (row.next()) {
            traces += traces(row);
          }
        }
      }
    }
    return traces;
  }

  private static int traces(ResultSet row) throws SQLException {
    int traces = 0;
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      traces += String.valueOf(row.getString(i)).contains(SECRET) ? 1 : 0;
    }
    return traces;
  }

  private List<Path> filesWithTraces() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(ErasedTracesTest::hasTraces).toList();
    }
  }

  private static boolean hasTraces(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
