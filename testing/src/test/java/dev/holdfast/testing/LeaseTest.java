package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing goes out from a process whose lease is about to end. */
class LeaseTest {
  private static final Duration TTL = Duration.ofSeconds(15);
  private final Stage stage = Stage.leaping().through(this::leased);
  private volatile CompletableFuture<Void> lease = CompletableFuture.completedFuture(null);

  @AfterEach
  void close() {
    lease.complete(null);
    stage.close();
  }

  private Journal leased(Journal journal) {
    return new ForwardingJournal(journal) {
      @Override
      public CompletableFuture<Void> lease(RunId run, long epoch) {
        return lease;
      }

      @Override
      public Duration leaseTtl() {
        return TTL;
      }
    };
  }

  private static Workflow<String, String> workflow(Effect<String, String> effect) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("e", "fact", effect));
  }

  private Handle<String> startedWhileItEnds(Effect<String, String> effect) {
    lease = new CompletableFuture<>();
    Workflow<String, String> workflow = workflow(effect);
    return stage.open(workflow).start(workflow, "r", "in");
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void aCallWaitsUntilTheLeaseIsRenewed(Contract contract) {
    Handle<String> handle = startedWhileItEnds(stage.world.effect(contract));
    assertThat(handle.await(Duration.ofMillis(150))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("fact")).isZero();

    lease.complete(null);

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(stage.world.happened("fact")).isEqualTo(contract == Contract.READ ? 0 : 1);
  }

  @Test
  void aCheapReadWaitsForNothing() {
    Effect<String, String> cheap = stage.world.effect(Contract.READ).cheap();
    assertThat(stage.settled(startedWhileItEnds(cheap))).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aCallIsNeverMadeOnceTheLeaseIsLost() {
    Handle<String> handle = startedWhileItEnds(stage.world.effect(Contract.ONCE));
    Awaitility.await().until(() -> !stage.entries("r", Entry.EffectIntended.class).isEmpty());

    lease.completeExceptionally(new Fenced("The lease of this worker ran out."));

    assertThat(handle.await(Duration.ofMillis(150))).isInstanceOf(Outcome.Waiting.class);
    assertThat(stage.world.calls("fact")).isZero();
    assertThat(stage.history("r").getLast().entry()).isInstanceOf(Entry.EffectIntended.class);
  }

  @Test
  void afterATakeoverTheProbesNoIsBelievedOnceTheOldLeaseIsOver() throws Exception {
    Duration settleAfter = Duration.ofMinutes(5);
    var inside = new CountDownLatch(1);
    stage.world.failBefore(
        "fact",
        () -> {
          inside.countDown();
          new CountDownLatch(1).await();
        });
    Workflow<String, String> workflow =
        workflow(stage.world.effect(Contract.VERIFIED).settleAfter(settleAfter));
    Engine first = stage.open(workflow);
    first.start(workflow, "r", "in");
    inside.await();
    first.crash();

    Instant takenOver = stage.clock.now();
    Engine second = stage.open(workflow);
    assertThat(stage.parked(second.find("r", String.class)))
        .singleElement()
        .satisfies(
            wait -> assertThat(Stage.due(wait)).contains(takenOver.plus(TTL).plus(settleAfter)));
  }
}
