package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An order to end reaches a run wherever it stands. */
class CancelPlacesTest {
  private final Stage stage = Stage.standing();

  @AfterEach
  void close() {
    stage.close();
  }

  private static void awaitCancelled(Handle<?> handle) {
    Awaitility.await().until(() -> handle.outcome() instanceof Outcome.Cancelled<?>);
  }

  private static Workflow<String, String> sleeper(AtomicInteger calls) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          calls.incrementAndGet();
          run.sleep("pause", Duration.ofDays(1));
          return "";
        });
  }

  private static Workflow<String, String> holder(CountDownLatch begun, CountDownLatch go) {
    return Workflow.of("holder", String.class, String.class)
        .body((run, input) -> {
          begun.countDown();
          assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
          return "held";
        });
  }

  @Test
  void codeOfARunThatIsToEndIsNotCalledAgain() {
    var calls = new AtomicInteger();
    Workflow<String, String> workflow = sleeper(calls);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    stage.parked(handle);

    engine.client().cancel("r", "ann", "enough");
    awaitCancelled(handle);

    assertThat(calls).hasValue(1);
  }

  @Test
  void aRunBeforeItsFirstClaimEndsWithoutHavingBegun() throws InterruptedException {
    stage.limits(limits -> limits.runsMax(1));
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var calls = new AtomicInteger();
    Workflow<String, String> holder = holder(begun, go);
    Workflow<String, String> queued = sleeper(calls);
    Engine engine = stage.open(holder, queued);
    engine.start(holder, "a", "in");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    Handle<String> second = engine.start(queued, "b", "in");
    engine.client().cancel("b", "ann", "enough");
    go.countDown();

    awaitCancelled(second);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aRunThatIsCancelledTwiceEndsByTheFirst() {
    Workflow<String, String> workflow = sleeper(new AtomicInteger());
    Engine engine = stage.open(workflow);
    stage.parked(engine.start(workflow, "r", "in"));
    engine.crash();
    Engine again = stage.open();
    again.client().cancel("r", "ann", "first");
    again.client().cancel("r", "bob", "second");
    again.register(workflow);

    Handle<String> handle = again.find("r", String.class);
    awaitCancelled(handle);
    assertThat(((Outcome.Cancelled<String>) handle.outcome()).who()).isEqualTo("ann");
  }
}
