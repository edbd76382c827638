package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outcome that nobody knows: how it shows, who may settle it, and what the run does then. */
class DoubtTest {
  private static final StepPath PAY = new StepPath("effect:pay#0");
  private static final Verdict NO = new Verdict.DidNotHappen();
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aRefundWithoutAnAnswerStandsInDoubtWithAllThatIsKnown() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    Outcome<String> outcome = stage.settled(handle);

    assertThat(outcome).isInstanceOf(Outcome.InDoubt.class);
    assertThat(((Outcome.InDoubt<String>) outcome).effects())
        .singleElement()
        .satisfies(doubt -> {
          assertThat(doubt.path()).isEqualTo(PAY);
          assertThat(doubt.reason()).contains("reset", "connection lost");
        });
    assertThatThrownBy(handle::run)
        .isInstanceOf(RunException.RunNotEnded.class)
        .hasMessageContainingAll("r", "in doubt", "effect:pay#0");
    assertThat(stage.world.calls("pay")).as("never repeated").isEqualTo(1);
  }

  @Test
  void whatDidNotHappenIsTriedAgainUnderTheSameKey() {
    stage.world.failBefore("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);

    engine.client().settle("r", PAY, NO, "ann", "no such payment");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.keys("pay")).hasSize(2).containsOnly(stage.world.keys("pay").get(0));
    assertThat(stage.entries("r", Entry.DoubtSettled.class))
        .containsExactly(new Entry.DoubtSettled(PAY, NO, "ann", "no such payment"));
  }

  @Test
  void aDoubtCanFollowADoubt() {
    stage.world.failBefore("pay", DoubtTest::lost).failBefore("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    for (int settled = 0; settled < 2; settled++) {
      assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
      engine.client().settle("r", PAY, NO, "ann", "no such payment");
    }
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to pay"));
    assertThat(stage.world.happened("pay")).isEqualTo(1);
  }

  @Test
  void theSecondSettlementIsRefusedAndToldSo() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);
    Payload paid = engine.client().encode("paid");

    engine.client().settle("r", PAY, new Verdict.Happened(paid), "ann", "saw it");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("paid"));
    assertThatThrownBy(() -> engine.client().settle("r", PAY, NO, "bob", "did not see it"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContainingAll("r", "effect:pay#0", "not in doubt");
  }

  @Test
  void ofTwoSettlementsAtTheSameTimeTheFirstCountsAndTheOtherIsJournaledAsRefused() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    try (Engine engine = stage.open(workflow)) {
      stage.settled(engine.start(workflow, "r", "in"));
    }
    Client client = stage.open().client();
    client.settle("r", PAY, new Verdict.Happened(client.encode("paid")), "ann", "saw it");
    client.settle("r", PAY, NO, "bob", "did not see it");
    Engine engine = stage.open(workflow);

    assertThat(stage.settled(engine.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("paid"));
    assertThat(stage.entries("r", Entry.DoubtSettled.class)).hasSize(1);
    assertThat(stage.entries("r", Entry.MessageRefused.class))
        .singleElement()
        .satisfies(refused -> assertThat(refused.message()).contains("effect:pay#0"));
    assertThat(stage.journal().mail(new RunId("r"))).isEmpty();
  }

  @Test
  void settlingWhatIsNotInDoubtNamesWhatIs() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    stage.settled(engine.start(workflow, "r", "in"));

    assertThatThrownBy(
            () -> engine.client().settle("r", new StepPath("effect:pai#0"), NO, "ann", "typo"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContainingAll("effect:pai#0", "effect:pay#0");
    assertThatThrownBy(() -> engine.client().settle("none", PAY, NO, "ann", "typo"))
        .isInstanceOf(RunException.RunNotFound.class)
        .hasMessageContainingAll("none", "memory");
    assertThatThrownBy(() -> engine.client().resume("r", "ann", "just try"))
        .isInstanceOf(RunException.MessageNotAccepted.class)
        .hasMessageContainingAll("r", "IN_DOUBT", "quarantined or truncated");
  }

  @Test
  void theFailPolicyEndsTheRunAndNamesTheDoubt() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.FAIL);
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    Outcome<String> outcome = stage.settled(handle);

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    var failed = (Outcome.Failed<String>) outcome;
    assertThat(failed.reason()).contains("effect:pay#0", "in doubt");
    assertThat(failed.failure()).get().isInstanceOf(Failure.Unknown.class);
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThatThrownBy(handle::run).isInstanceOf(RunException.RunEnded.class);
  }

  @Test
  void theProceedPolicyGoesOnButDoesNotCompleteUnsettled() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = proceeding();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stage.world.happened("after")).as("it went on").isEqualTo(1);
    Payload paid = engine.client().encode("paid");
    engine.client().settle("r", PAY, new Verdict.Happened(paid), "ann", "saw it");

    assertThat(stage.settled(handle))
        .as("what was learned later does not change the path")
        .isEqualTo(new Outcome.Completed<>("unknown, answer to after"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
    assertThat(stage.world.calls("after")).isEqualTo(1);
  }

  @Test
  void whatARunWentOnFromAndDidNotHappenQuarantinesIt() {
    stage.world.failBefore("pay", DoubtTest::lost);
    Workflow<String, String> workflow = proceeding();
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);

    engine.client().settle("r", PAY, NO, "ann", "no such payment");

    Outcome<String> outcome = stage.settled(handle);
    assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    assertThat(((Outcome.Quarantined<String>) outcome).reason())
        .contains("effect:pay#0", "did not happen");
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aSettlementThatArrivesWhileTheRunGoesOnIsNotLost() {
    stage.world.failAfter("pay", DoubtTest::lost);
    stage.world.failBefore(
        "after",
        () -> {
          var client = stage.journal();
          var happened = new Verdict.Happened(new Payload("\"paid\""));
          client.send(new RunId("r"), new Message.Settle(PAY, happened, "ann", "saw it")).join();
        });
    Workflow<String, String> workflow = proceeding();
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isEqualTo(new Outcome.Completed<>("unknown, answer to after"));
    assertThat(stage.world.calls("after")).isEqualTo(1);
  }

  @Test
  void aLateWordAboutOneDoubtDoesNotSettleTheNextOfThatStep() {
    stage.world.failAfter("pay", DoubtTest::lost);
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);
    long first = doubts().getFirst();
    engine.client().settle("r", PAY, NO, "ann", "looked first");
    Awaitility.await().until(() -> doubts().size() == 2);

    var late = new Message.Settle(PAY, Optional.of(first), NO, "ben", "looked first, too");
    stage.journal().send(new RunId("r"), late).join();

    Awaitility.await().until(() -> !stage.entries("r", Entry.MessageRefused.class).isEmpty());
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stage.world.calls("pay")).as("once for each word that counted").isEqualTo(2);
    engine.client().settle("r", PAY, NO, "ben", "looked again");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
  }

  private List<Long> doubts() {
    return stage.history("r").stream()
        .filter(recorded -> recorded.entry() instanceof Entry.EffectDoubted)
        .map(Recorded::sequence)
        .toList();
  }

  @Test
  void aCrashBetweenDoubtAndSettlementChangesNothing() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    var strike = Strike.at(Boundary.AFTER_OUTCOME, "pay", 2);
    Engine first = stage.open(strike, workflow);
    first.start(workflow, "r", "in");
    strike.crash(first);

    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stage.entries("r", Entry.EffectDoubted.class)).hasSize(1);
    engine.client().settle("r", PAY, NO, "ann", "asked");
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void twoBranchesInDoubtAreBothReportedAndSettledOneByOne() {
    stage.world.failAfter("left", DoubtTest::lost).failAfter("right", DoubtTest::lost);
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                String.join("+", run.parallel("both", List.of(once("left"), once("right")))));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    var doubts = ((Outcome.InDoubt<String>) stage.settled(handle)).effects();
    assertThat(doubts)
        .extracting(doubt -> doubt.path().text())
        .containsExactlyInAnyOrder(
            "par:both#0/branch:left/effect:it#0", "par:both#0/branch:right/effect:it#0");
    var happened = new Verdict.Happened(engine.client().encode("ok"));
    engine.client().settle("r", doubts.get(0).path(), happened, "ann", "saw it");
    Awaitility.await()
        .until(() ->
            handle.outcome() instanceof Outcome.InDoubt<String> left && left.effects().size() == 1);
    engine.client().settle("r", doubts.get(1).path(), happened, "ann", "saw it");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("ok+ok"));
  }

  @Test
  void aResultThatCannotBeKeptLeavesADoubtAndNotALie() {
    stage.limits(limits -> limits.payloadBytesMax(1_024));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                run.effect(
                    "pay",
                    "pay",
                    Effect.keyed(
                        String.class,
                        (key, fact) -> stage.world.remember(key, fact) + "x".repeat(2_000))));
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");

    var doubts = ((Outcome.InDoubt<String>) stage.settled(handle)).effects();
    assertThat(doubts.getFirst().reason()).contains("it happened", "cannot be kept", "1,024");
    var happened = new Verdict.Happened(engine.client().encode("short"));
    engine.client().settle("r", PAY, happened, "ann", "shortened");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("short"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  @Test
  void aSettledResultThatCannotBeReadIsInDoubtAgain() {
    stage.world.failAfter("pay", DoubtTest::lost);
    Workflow<String, String> workflow = paying(DoubtPolicy.ASK);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.settled(handle);

    var unreadable = new Verdict.Happened(new Payload("{\"a\":1}"));
    engine.client().settle("r", PAY, unreadable, "ann", "typed it in");
    Awaitility.await().until(() -> stage.entries("r", Entry.EffectDoubted.class).size() == 2);
    var doubts = ((Outcome.InDoubt<String>) stage.settled(handle)).effects();
    assertThat(doubts.getFirst().reason()).contains("settled", "cannot be read", "String");

    var readable = new Verdict.Happened(engine.client().encode("paid"));
    engine.client().settle("r", PAY, readable, "ann", "typed it in properly");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("paid"));
    assertThat(stage.world.calls("pay")).isEqualTo(1);
  }

  private Run.Branch<String> once(String fact) {
    return new Run.Branch<>(
        fact, branch -> branch.effect("it", fact, stage.world.effect(Contract.ONCE)));
  }

  private Workflow<String, String> paying(DoubtPolicy policy) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) ->
            run.effect("pay", "pay", stage.world.effect(Contract.ONCE).onDoubt(policy)));
  }

  /** Goes on where the payment is unknown. */
  private Workflow<String, String> proceeding() {
    var pay = stage.world.effect(Contract.ONCE).onDoubt(DoubtPolicy.PROCEED);
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          String paid;
          try {
            paid = run.effect("pay", "pay", pay);
          } catch (EffectFailed failed) {
            assertThat(failed.failure()).isInstanceOf(Failure.Unknown.class);
            paid = "unknown";
          }
          return paid + ", " + run.effect("after", "after", stage.world.effect(Contract.KEYED));
        });
  }

  private static void lost() {
    throw KnownFailure.unknown("reset", "connection lost");
  }
}
