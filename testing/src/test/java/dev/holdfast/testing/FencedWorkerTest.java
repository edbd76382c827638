package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker learns that lost its run in the middle of an effect reaches the next one. */
class FencedWorkerTest {
  private static final StepPath PATH = new StepPath("effect:e#0");
  private static final RunId RUN = new RunId("r");
  private final Stage stage = Stage.leaping();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    go.countDown();
    stage.close();
  }

  private Workflow<String, String> workflow(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("e", "fact", effect));
  }

  /** An engine that is inside of the effect's body; it goes on when told. */
  private Engine held(Workflow<String, String> workflow, World.Fault then) {
    stage.world.failBefore(
        "fact",
        () -> {
          inside.countDown();
          go.await();
          then.strike();
        });
    Engine engine = stage.open(workflow);
    engine.start(workflow, "r", "in");
    Awaitility.await().until(() -> inside.getCount() == 0);
    return engine;
  }

  private void land() {
    go.countDown();
  }

  private void landInTheMailbox() {
    land();
    Awaitility.await().until(() -> !stage.journal().mail(RUN).isEmpty());
  }

  @Test
  void itsResultSettlesTheDoubt() {
    Workflow<String, String> workflow = workflow(stage.world.effect(Contract.ONCE));
    held(workflow, () -> {});
    Handle<String> handle = stage.open(workflow).find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);

    land();

    Awaitility.await().until(() -> !(handle.outcome() instanceof Outcome.InDoubt));
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.calls("fact")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.DoubtSettled.class))
        .singleElement()
        .satisfies(settled -> {
          assertThat(settled.verdict()).isInstanceOf(Verdict.Happened.class);
          assertThat(settled.who()).isEqualTo("worker w, claim 1");
        });
  }

  @Test
  void itIsSentOnceTheStoreIsThereAgain() {
    var sent = new AtomicInteger();
    stage.through(journal ->
        new ForwardingJournal(journal) {
          @Override
          public CompletableFuture<Void> send(RunId run, Message message) {
            return sent.incrementAndGet() < 3
                ? CompletableFuture.failedFuture(new StoreFailed.Unavailable("The network is cut."))
                : super.send(run, message);
          }
        });
    Workflow<String, String> workflow = workflow(stage.world.effect(Contract.ONCE));
    held(workflow, () -> {});
    Handle<String> handle = stage.open(workflow).find("r", String.class);
    stage.settled(handle);

    land();

    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Completed);
    assertThat(sent).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"READ"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatItLeftIsUsedBeforeAnythingElse(Contract contract) {
    Workflow<String, String> workflow = workflow(stage.world.effect(contract));
    held(workflow, () -> {});
    Engine second = stage.open();
    landInTheMailbox();
    second.register(workflow);

    assertThat(stage.settled(second.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.calls("fact")).as("nothing was repeated").isEqualTo(1);
    assertThat(stage.world.calls("probe-fact")).as("nobody was asked").isZero();
    assertThat(stage.entries("r", Entry.EffectDoubted.class)).isEmpty();
  }

  @Test
  void aCallThatWasNotSentIsSentAgain() {
    Workflow<String, String> workflow = workflow(stage.world.effect(Contract.ONCE));
    held(
        workflow,
        () -> {
          throw new ConnectException("refused");
        });
    Handle<String> handle = stage.open(workflow).find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);

    land();

    Awaitility.await().until(() -> !(handle.outcome() instanceof Outcome.InDoubt));
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
    assertThat(stage.world.calls("fact")).isEqualTo(2);
  }

  @Test
  void anAnswerThatWasLostIsNoEvidence() {
    Workflow<String, String> workflow = workflow(stage.world.effect(Contract.ONCE));
    held(
        workflow,
        () -> {
          throw new SocketException("reset");
        });
    Handle<String> handle = stage.open(workflow).find("r", String.class);
    stage.settled(handle);
    land();

    assertThat(handle.await(Duration.ofMillis(200))).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stage.journal().mail(RUN)).isEmpty();
    assertThat(stage.entries("r", Entry.DoubtSettled.class)).isEmpty();
  }

  @Test
  void evidenceThatComesAfterAnOutcomeIsRefusedAndKept() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String result = run.effect("e", "fact", stage.world.effect(Contract.KEYED));
              return run.awaitSignal("on", String.class, Duration.ofDays(1))
                  .map(on -> result)
                  .orElse("late");
            });
    held(workflow, () -> {});
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    stage.parked(handle);

    land();

    Awaitility.await().until(() -> !stage.entries("r", Entry.MessageRefused.class).isEmpty());
    assertThat(stage.entries("r", Entry.MessageRefused.class))
        .singleElement()
        .satisfies(refused -> {
          assertThat(refused.message()).contains("evidence of effect:e#0", "happened", "claim 1");
          assertThat(refused.reason()).contains("has an outcome");
        });
    second.client().signal("r", "on", "1", "yes", "ann");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
  }

  private Workflow<String, String> payment() {
    return Workflow.of("w", String.class, String.class).body((run, input) -> pay(run));
  }

  private String pay(Run run) {
    try {
      return run.effect(
          "e",
          "fact",
          stage.world.effect(Contract.ONCE).oncePer(Intent.Scope.GLOBAL, "refund", 17));
    } catch (EffectFailed failed) {
      return failed.failure().code();
    }
  }

  private Fact.State state() {
    return stage.journal().fact("refund[17]").orElseThrow().state();
  }

  @Test
  void theLedgerLearnsOfItToo() {
    Workflow<String, String> workflow = payment();
    held(workflow, () -> {});
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(state()).isEqualTo(Fact.State.IN_DOUBT);

    land();

    Awaitility.await().until(() -> state() == Fact.State.HAPPENED);
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.settled(second.start(workflow, "other", "in")))
        .isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
  }

  @Test
  void aFactIsSettledWhoseRunWasCancelledInDoubt() {
    Workflow<String, String> workflow = payment();
    held(workflow, () -> {});
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    stage.settled(handle);
    second.client().cancel("r", "ann", "no longer wanted");
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Cancelled);

    land();

    Awaitility.await().until(() -> state() == Fact.State.HAPPENED);
    assertThat(stage.journal().fact("refund[17]").orElseThrow().settledBy())
        .contains("worker w, claim 1");
    assertThat(stage.settled(second.start(workflow, "other", "in")))
        .isEqualTo(new Outcome.Completed<>("answer to fact"));
  }

  @Test
  void theWorkerItselfBeginsNothingMore() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.effect("e", "fact", stage.world.effect(Contract.KEYED));
              return run.effect("f", "second", stage.world.effect(Contract.ONCE));
            });
    Engine first = held(workflow, () -> {});
    Engine second = stage.open();
    landInTheMailbox();
    first.close();
    assertThat(stage.world.calls("second")).isZero();
    second.register(workflow);

    assertThat(stage.settled(second.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("answer to second"));
    assertThat(stage.world.calls("second")).isEqualTo(1);
    assertThat(stage.entries("r", Entry.DoubtSettled.class))
        .extracting(Entry.DoubtSettled::path)
        .containsExactly(PATH);
  }
}
