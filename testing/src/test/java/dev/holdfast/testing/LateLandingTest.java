package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that heeds no interrupt and lands when another process is at the run already. */
class LateLandingTest {
  private static final StepPath PATH = new StepPath("effect:e#0");
  private final Stage stage = Stage.leaping();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Contract.class,
      names = {"IDEMPOTENT", "KEYED", "TRANSACTIONAL"})
  void meetsTheRepeatAtTheTarget(Contract contract) {
    Workflow<String, String> workflow = workflow(stage.world.effect(contract));
    Thread crashing = crashedInFlight(workflow);
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    if (contract != Contract.TRANSACTIONAL) {
      assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    }
    land(crashing);

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
    assertThat(stage.world.calls("fact")).isEqualTo(2);
  }

  @Test
  void isFoundByTheProbeThatDidNotBelieveTheFirstNo() {
    Workflow<String, String> workflow =
        workflow(stage.world.effect(Contract.VERIFIED).settleAfter(Duration.ofMinutes(5)));
    Thread crashing = crashedInFlight(workflow);
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    assertThat(stage.parked(handle)).as("a no that came too early").hasSize(1);
    assertThat(stage.world.calls("probe-fact")).isEqualTo(1);
    land(crashing);
    stage.clock.advance(Duration.ofMinutes(5));

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
    assertThat(stage.world.calls("fact")).as("it was not sent again").isEqualTo(1);
  }

  @Test
  void isWhyADoubtIsNotGuessed() {
    Workflow<String, String> workflow = workflow(stage.world.effect(Contract.ONCE));
    Thread crashing = crashedInFlight(workflow);
    Engine second = stage.open(workflow);
    Handle<String> handle = second.find("r", String.class);
    assertThat(stage.settled(handle)).isInstanceOf(Outcome.InDoubt.class);
    assertThat(stage.world.happened("fact")).isZero();
    land(crashing);

    var happened = new Verdict.Happened(second.client().encode("seen"));
    second.client().settle("r", PATH, happened, "ann", "saw it land");
    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("seen"));
    assertThat(stage.world.happened("fact")).isEqualTo(1);
  }

  @Test
  void afterATimeoutMeetsTheRetryOfTheSameProcess() {
    holdTheFirstCall();
    Workflow<String, String> workflow =
        workflow(stage.world.effect(Contract.KEYED).timeout(Duration.ofMillis(300)));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("answer to fact"));
    go.countDown();
    Awaitility.await().until(() -> stage.world.keys("fact").size() == 2);
    assertThat(stage.world.happened("fact")).isEqualTo(1);
  }

  /** Crashes while the call is under way; the crash itself lasts until the call has landed. */
  private Thread crashedInFlight(Workflow<String, String> workflow) {
    holdTheFirstCall();
    Engine first = stage.open(workflow);
    first.start(workflow, "r", "in");
    Awaitility.await().until(() -> arrived.getCount() == 0);
    return Thread.ofVirtual().start(first::crash);
  }

  private void holdTheFirstCall() {
    stage.world.failBefore(
        "fact",
        () -> {
          arrived.countDown();
          while (go.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
          }
        });
  }

  private void land(Thread crashing) {
    go.countDown();
    Awaitility.await().until(() -> !crashing.isAlive());
  }

  private static Workflow<String, String> workflow(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("e", "fact", effect));
  }
}
