package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * One run of each kind that a store keeps, some of them unfinished, and how they go on. The code of
 * these workflows is what kept stores were made with: it never changes.
 */
final class GoldenRuns {
  static final String SUBJECT = "customer-17";

  /** Every run, and where the maker leaves it. */
  static final Map<String, Status> LEFT =
      Map.ofEntries(
          Map.entry("ended", Status.COMPLETED),
          Map.entry("ended/child:pack#0", Status.COMPLETED),
          Map.entry("fork", Status.COMPLETED),
          Map.entry("undone", Status.COMPENSATED),
          Map.entry("undone/child:pack#0", Status.COMPENSATED),
          Map.entry("desk-1", Status.COMPLETED),
          Map.entry("desk-1/child:pack#0", Status.COMPLETED),
          Map.entry("desk-2", Status.WAITING),
          Map.entry("desk-2/child:pack#0", Status.COMPLETED),
          Map.entry("desk-3", Status.READY),
          Map.entry("answered", Status.COMPLETED),
          Map.entry("answered/child:pack#0", Status.COMPLETED),
          Map.entry("asking", Status.AWAITING_APPROVAL),
          Map.entry("asking/child:pack#0", Status.COMPLETED),
          Map.entry("doubt", Status.IN_DOUBT),
          Map.entry("doubt/child:pack#0", Status.COMPLETED),
          Map.entry("mailed", Status.READY),
          Map.entry("mailed/child:pack#0", Status.COMPLETED));

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofDays(365);
  private static final StepPath TELL = StepPath.ROOT.child("effect", "tell", 0);
  private static final StepPath POST = StepPath.ROOT.child("effect", "post", 0);

  private final Workflow<String, String> packing =
      undoable("packing").body((run, item) -> run.effect("pack", item, keyed("packed ")));
  private final Workflow<String, String> order = undoable("order").body(this::order);

  private static Workflow.Definition<String, String> undoable(String name) {
    return Workflow.of(name, String.class, String.class)
        .version("1")
        .undo("take-back", String.class, String.class, GoldenRuns::takeBack);
  }

  private static void takeBack(IdempotencyKey key, String what, Optional<String> did) {
    assertThat(did).isPresent();
  }

  private static Effect<String, String> keyed(String did) {
    return Effect.<String, String>keyed(
            String.class, (key, what) -> did + what.repeat(what.equals("17") ? 300 : 1))
        .undo("take-back");
  }

  private static Effect<Object, String> read(String read) {
    return Effect.read(String.class, what -> read);
  }

  private String order(Run run, String input) {
    run.effect("pay", input, keyed("paid ").oncePer(Intent.Scope.GLOBAL, "payment", input));
    run.effect("check", run.patched("checked"), read("checked"));
    run.child("pack", packing, input);
    int turns = run.turns("count", Integer.class, 0, GoldenRuns::count);
    String won = run.race("first", List.of(branch("quick"), branch("slow")));
    if (input.contains("asks")) {
      won += run.awaitApproval("may", input, LONG);
    }
    if (input.contains("posts")) {
      won += run.effect("post", input, Effect.once(String.class, GoldenRuns::lost));
    }
    String came = input.contains("waits") ? run.awaitSignal("go", String.class, LONG).get() : "";
    String before = "";
    if (input.contains("desk")) {
      before = run.sessionState(String.class).orElse("nothing");
      run.handOn(input + " after " + before);
    }
    return run.effect("tell", input, read(turns + won + came + before));
  }

  private static Run.Turn<Integer> count(Run turn, int count) {
    turn.effect("tick", count, read("tick"));
    return count == 2 ? Run.Turn.done(count + 1) : Run.Turn.next(count + 1);
  }

  private static Run.Branch<String> branch(String label) {
    return new Run.Branch<>(
        label,
        run ->
            label.equals("quick")
                ? run.effect("look", label, read(label))
                : run.awaitSignal("never", String.class, LONG).orElse("never"));
  }

  private static String lost(IdempotencyKey key, String what) throws IOException {
    throw new IOException("the connection broke");
  }

  void register(Holdfast holdfast) {
    holdfast.register(Queue.of("mails").concurrencyMax(2));
    holdfast.register(packing, order);
  }

  /** Makes all of them, in an empty store. */
  void make(TestStore store) {
    try (var holdfast = store.open();
        var reader = store.reader()) {
      register(holdfast);
      make(holdfast, reader);
    }
    try (Client client = store.client()) {
      client.signal("mailed", "go", "m1", "went", "anna");
    }
  }

  private void make(Holdfast holdfast, JournalReader reader) {
    holdfast.start(order, "ended", "17", Admission.ofSubject(SUBJECT));
    holdfast.start(order, "undone", "18");
    holdfast.start(order, "answered", "asks waits");
    holdfast.start(order, "asking", "asks");
    holdfast.start(order, "doubt", "posts");
    var mails = Admission.throughQueue("mails").deduplicated("mail-1").subject(SUBJECT);
    holdfast.start(order, "mailed", "waits", mails);
    for (int i = 1; i <= 3; i++) {
      String input = i == 2 ? "desk waits 2" : "desk " + i;
      holdfast.start(order, "desk-" + i, input, Admission.inSession("desk"));
    }
    await(reader, "ended", Status.COMPLETED);
    holdfast.fork("ended", "fork", Client.Fork.at(TELL));
    await(reader, "undone", Status.COMPLETED);
    holdfast.rollBack("undone", "anna", "asked for it");
    await(reader, "mailed", Status.WAITING);
    await(reader, "answered", Status.AWAITING_APPROVAL);
    holdfast.approve("answered", holdfast.questions("answered").get(0), true, "anna", "fine");
    holdfast.signal("answered", "go", "m1", "went", "anna");
    for (String id : List.of("fork", "undone", "answered", "desk-2", "asking", "doubt")) {
      await(reader, id, LEFT.getOrDefault(id, Status.FAILED));
    }
  }

  private static void await(JournalReader reader, String id, Status status) {
    Awaitility.await(id)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> reader.find(new RunId(id)).map(RunState::status).equals(Optional.of(status)));
  }

  /** Lets everything go on that is unfinished, and checks what comes of it. */
  void finish(TestStore store) {
    try (var holdfast = store.open()) {
      register(holdfast);
      holdfast.signal("desk-2", "go", "m2", "went", "anna");
      Entry.ApprovalAsked asked = holdfast.questions("asking").get(0);
      holdfast.approve("asking", asked, true, "anna", "fine");
      var sent = new Verdict.Happened(new Payload("\"sent\""));
      holdfast.settle("doubt", POST, sent, "anna", "saw it");
      completed(holdfast, "ended", "3quick");
      completed(holdfast, "fork", "3quick");
      completed(holdfast, "desk-2", "3quickwentdesk 1 after nothing");
      completed(holdfast, "desk-3", "3quickdesk waits 2 after desk 1 after nothing");
      completed(holdfast, "mailed", "3quickwent");
      completed(holdfast, "doubt", "3quicksent");
      assertThat(holdfast.find("asking", String.class).run(SOON)).contains("anna");
      // Paid, taken back, and paid anew under another key.
      assertThat(holdfast.start(order, "again", "18").run(SOON)).isEqualTo("3quick");
    }
    try (JournalReader reader = store.reader()) {
      assertThat(reader.fact("payment[\"17\"]").orElseThrow().run()).isEqualTo(new RunId("ended"));
      Fact again = reader.fact("payment[\"18\"]").orElseThrow();
      assertThat(again.run()).isEqualTo(new RunId("again"));
      assertThat(again.generation()).isEqualTo(1);
    }
  }

  private static void completed(Holdfast holdfast, String id, String result) {
    assertThat(holdfast.find(id, String.class).await(SOON))
        .as(id)
        .isEqualTo(new Outcome.Completed<>(result));
  }
}
