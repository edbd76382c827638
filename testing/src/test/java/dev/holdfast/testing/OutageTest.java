package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that is away for a while costs time and nothing else. */
class OutageTest {
  private final Stage stage = Stage.leaping().through(Unreliable::new);
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean isAway;
  private volatile boolean isFenced;

  @AfterEach
  void close() {
    isAway = false;
    stage.close();
  }

  /** Answers no read and takes no claim while it is away. */
  private class Unreliable extends ForwardingJournal {
    Unreliable(Journal journal) {
      super(journal);
    }

    private void answer() {
      if (isAway) {
        refused.incrementAndGet();
        throw new StoreFailed.Unavailable("The database does not answer. Look at the network.");
      }
    }

    @Override
    public CompletableFuture<List<Claim>> claim(
        Set<WorkflowKey> workflows, Instant now, int countMax) {
      if (isFenced) {
        refused.incrementAndGet();
        return CompletableFuture.failedFuture(new Fenced("The lease ran out."));
      }
      answer();
      return super.claim(workflows, now, countMax);
    }

    @Override
    public Optional<RunState> find(RunId run) {
      answer();
      return super.find(run);
    }

    @Override
    public List<Recorded> entries(RunId run, long fromSequence, int countMax) {
      answer();
      return super.entries(run, fromSequence, countMax);
    }

    @Override
    public List<Message.Mail> mail(RunId run) {
      answer();
      return super.mail(run);
    }

    @Override
    public List<RunId> executingWithMail() {
      answer();
      return super.executingWithMail();
    }

    @Override
    public Instant nextReady() {
      answer();
      return super.nextReady();
    }
  }

  private Workflow<String, String> workflow() {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> run.effect("e", "fact", stage.world.effect(Contract.KEYED)));
  }

  @Test
  void claimingGoesOnAfterwards() {
    Workflow<String, String> workflow = workflow();
    stage.limits(limits -> limits.runsMax(1));
    isAway = true;
    Engine engine = stage.open(workflow);
    Awaitility.await().until(() -> refused.get() >= 3);
    isAway = false;
    engine.client().start(workflow, "r", "in");

    assertThat(stage.settled(engine.find("r", String.class))).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aWorkerThatIsFencedGoesOnOnceItIsLetInAgain() {
    Workflow<String, String> workflow = workflow();
    isFenced = true;
    Engine engine = stage.open(workflow);
    engine.client().start(workflow, "r", "in");
    Awaitility.await().until(() -> refused.get() >= 3);
    isFenced = false;

    assertThat(stage.settled(engine.find("r", String.class))).isInstanceOf(Outcome.Completed.class);
  }

  @Test
  void aCallerWaitsThroughIt() {
    Workflow<String, String> workflow = workflow();
    Engine engine = stage.open();
    Handle<String> handle = engine.client().start(workflow, "r", "in");
    isAway = true;
    CompletableFuture<Outcome<String>> told =
        CompletableFuture.supplyAsync(() -> handle.await(Stage.PATIENCE));
    Awaitility.await().until(() -> refused.get() >= 5);
    assertThat(told).isNotDone();
    isAway = false;
    engine.register(workflow);

    assertThat(told.join()).isEqualTo(new Outcome.Completed<>("answer to fact"));
  }

  @Test
  void atTheCallersDeadlineItCannotBeToldHowTheRunStands() {
    Workflow<String, String> workflow = workflow();
    Engine engine = stage.open();
    Handle<String> handle = engine.client().start(workflow, "r", "in");
    isAway = true;

    assertThatThrownBy(() -> handle.await(Duration.ofMillis(200)))
        .isInstanceOf(StoreFailed.Unavailable.class)
        .hasMessageContaining("network");
    assertThat(refused.get()).as("it looked more than once").isGreaterThan(1);
  }

  @Test
  void aRunWhoseHistoryCannotBeLoadedYetIsExecutedLater() {
    Workflow<String, String> workflow = workflow();
    var claims = new AtomicInteger();
    stage.through(journal ->
        new Unreliable(journal) {
          @Override
          public CompletableFuture<List<Claim>> claim(
              Set<WorkflowKey> workflows, Instant now, int countMax) {
            return super.claim(workflows, now, countMax)
                .thenApply(claimed -> {
                  isAway |= !claimed.isEmpty() && claims.incrementAndGet() == 1;
                  return claimed;
                });
          }
        });
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.client().start(workflow, "r", "in");
    Awaitility.await().until(() -> refused.get() >= 3);
    assertThat(stage.world.calls("fact")).isZero();
    isAway = false;

    assertThat(stage.settled(handle)).isInstanceOf(Outcome.Completed.class);
    assertThat(claims).as("under the one claim that it had").hasValue(1);
  }

  @Test
  void aRunThatReadsItsMailWaitsThroughIt() {
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              run.effect("e", "fact", stage.world.effect(Contract.KEYED));
              return run.awaitSignal("on", String.class, Duration.ZERO).orElse("none came");
            });
    stage.world.failAfter("fact", () -> isAway = true);
    Engine engine = stage.open(workflow);
    Handle<String> handle = engine.start(workflow, "r", "in");
    Awaitility.await().until(() -> refused.get() >= 5);
    isAway = false;

    assertThat(stage.settled(handle)).isEqualTo(new Outcome.Completed<>("none came"));
  }
}
