package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.examples.HelloApproval.Refund;
import dev.holdfast.examples.HelloFact.Claim;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloPeopleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Refund CUP = new Refund("4711", 4_900, "it came broken");

  @TempDir private Path directory;

  private Path store = Path.of("");

  @BeforeEach
  void nameTheStore() {
    store = directory.resolve("people.db");
  }

  @Test
  void paysOnlyWhatSomebodyGranted() {
    var paid = new AtomicInteger();
    var workflow = HelloApproval.workflow((key, refund) -> "R-" + paid.incrementAndGet());
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var handle = holdfast.start(workflow, "refund-1", CUP);
      await().atMost(PATIENCE).until(() -> !holdfast.questions("refund-1").isEmpty());
      var asked = holdfast.questions("refund-1").getFirst();
      assertThatThrownBy(() -> HelloButton.grant(store, "refund-1", asked, "eve"))
          .isInstanceOf(RunException.MessageNotAccepted.class)
          .hasMessageContaining("eve may not answer");
      assertThat(paid).hasValue(0);
      HelloButton.grant(store, "refund-1", asked, "ada");
      assertThat(handle.run(PATIENCE)).isEqualTo("R-1");
    }
  }

  @Test
  void asksBeforeAToolPaysALargeAmount() {
    var model =
        ScriptedModel.of(
            Reply.call("refund", "{\"orderId\":\"4711\",\"cents\":4900}"),
            Reply.call("refund", "{\"orderId\":\"4712\",\"cents\":9900}"),
            Reply.text("Both are on their way."));
    var desk = HelloApprovedTool.desk(model);
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(desk);
      var handle = holdfast.start(desk, "ticket-1", "Both orders came broken.");
      await().atMost(PATIENCE).until(() -> !holdfast.questions("ticket-1").isEmpty());
      assertThat(model.shown()).anySatisfy(text -> assertThat(text).contains("refunded 4900"));
      var asked = holdfast.questions("ticket-1").getFirst();
      assertThat(asked.shown().text()).contains("9900").doesNotContain("4900");
      holdfast.approve("ticket-1", asked, true, "bob", "seen the photo");
      assertThat(handle.run(PATIENCE)).isEqualTo("Both are on their way.");
      assertThat(model.shown()).anySatisfy(text -> assertThat(text).contains("refunded 9900"));
    }
  }

  @Test
  void paysNothingAfterANo() {
    var workflow =
        HelloApproval.workflow((key, refund) -> {
          throw new AssertionError("paid after a no");
        });
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var handle = holdfast.start(workflow, "refund-1", CUP);
      await().atMost(PATIENCE).until(() -> !holdfast.questions("refund-1").isEmpty());
      var asked = holdfast.questions("refund-1").getFirst();
      holdfast.approve("refund-1", asked, false, "bob", "it was used");
      assertThat(handle.run(PATIENCE)).isEqualTo("refused by bob: it was used");
    }
  }

  @Test
  void takesAParcelThatIsScannedTwiceAsOne() {
    List<String> letters = new CopyOnWriteArrayList<>();
    var workflow = HelloWaiting.workflow(text -> noted(letters, text), PATIENCE, PATIENCE);
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var handle = holdfast.start(workflow, "return-1", "4711");
      HelloWaiting.scanned(store, "return-1", "P-9");
      assertThat(handle.run(PATIENCE)).isEqualTo("got P-9");
      assertThat(letters).containsExactly("label for 4711");
      assertThatThrownBy(() -> HelloWaiting.scanned(store, "return-1", "P-9"))
          .isInstanceOf(RunException.MessageNotAccepted.class);
    }
  }

  @Test
  void remindsWhoeverIsLateAndGivesUpInTheEnd() {
    List<String> letters = new CopyOnWriteArrayList<>();
    var soon = Duration.ofMillis(50);
    var workflow = HelloWaiting.workflow(text -> noted(letters, text), soon, soon);
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var handle = holdfast.start(workflow, "return-1", "4711");
      assertThat(handle.run(PATIENCE)).isEqualTo("it never came back");
      assertThat(letters).containsExactly("label for 4711", "please send 4711");
    }
  }

  private static String noted(List<String> letters, String text) {
    letters.add(text);
    return "sent";
  }

  @Test
  void refundsAnOrderOnceWhicheverRunAsks() {
    var paid = new AtomicInteger();
    var workflow = HelloFact.workflow((key, claim) -> "R-" + paid.incrementAndGet());
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      var claim = new Claim("4711", 4_900);
      assertThat(holdfast.start(workflow, "from-chat", claim).run(PATIENCE)).isEqualTo("R-1");
      assertThat(holdfast.start(workflow, "from-mail", claim).run(PATIENCE)).isEqualTo("R-1");
      assertThat(holdfast.start(workflow, "other", new Claim("4711", 1)).await(PATIENCE))
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(paid).hasValue(1);
  }

  @Test
  void goesOnWhereACallStoppedWhenItIsMadeAgain() {
    var booked = new AtomicInteger();
    var mails = new ArrayList<String>();
    var ledger = new LossyLedger(booked, mails);
    try (var holdfast = Holdfast.open(store)) {
      assertThatThrownBy(() -> HelloAttached.closeTheDay(holdfast, ledger, "monday"))
          .isInstanceOf(RunException.RunNotEnded.class);
      holdfast.settle(
          "close-monday",
          dev.holdfast.journal.StepPath.ROOT.child("effect", "mail", 0),
          new dev.holdfast.journal.Verdict.DidNotHappen(),
          "ada",
          "not in the outbox");
      assertThat(HelloAttached.closeTheDay(holdfast, ledger, "monday")).isEqualTo("mailed");
    }
    assertThat(booked).hasValue(1);
    assertThat(mails).containsExactly("report of monday", "report of monday");
  }

  /** Loses the first mail. */
  private record LossyLedger(AtomicInteger booked, List<String> mails)
      implements HelloAttached.Ledger {
    @Override
    public String book(String day) {
      booked.incrementAndGet();
      return "report of " + day;
    }

    @Override
    public String mail(String report) throws IOException {
      mails.add(report);
      if (mails.size() == 1) {
        throw new IOException("the connection broke");
      }
      return "mailed";
    }
  }
}
