package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mail that comes in time, but after a claim has read the mailbox, still counts. */
class MailRaceTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Stage stage = Stage.standing();
  private final CompletableFuture<Engine> engine = new CompletableFuture<>();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Workflow<String, String> workflow(Function<Run, String> body) {
    return Workflow.of("w", String.class, String.class).body((run, input) -> body.apply(run));
  }

  private static Outcome<String> completed(String result) {
    return new Outcome.Completed<>(result);
  }

  /** Does that once, behind the next claim's look into the mailbox. */
  private static FaultPoints afterClaim(AtomicBoolean armed, Runnable work) {
    return (boundary, run, path) -> {
      if (boundary == Boundary.AFTER_CLAIM && armed.compareAndSet(true, false)) {
        work.run();
      }
    };
  }

  private void wake(AtomicBoolean armed) {
    armed.set(true);
    engine.join().client().signal("r", "other", "1", "wake", "ann");
  }

  private Handle<String> parked(Workflow<String, String> workflow, FaultPoints faultPoints) {
    Engine opened = stage.open(faultPoints, workflow);
    engine.complete(opened);
    Handle<String> handle = opened.start(workflow, "r", "in");
    stage.parked(handle);
    return handle;
  }

  /** Wakes the run before its time, and lets the time pass once its mail was read. */
  private Handle<String> answeredBehindTheLook(Approval.Terms terms) {
    var armed = new AtomicBoolean();
    Handle<String> handle =
        parked(
            workflow(run -> run.awaitApproval("pay", "100", terms).toString()),
            afterClaim(
                armed,
                () -> {
                  var client = engine.join().client();
                  client.approve("r", client.questions("r").getFirst(), true, "ann", "yes");
                  stage.clock.advance(DAY);
                }));
    wake(armed);
    return handle;
  }

  @Test
  void anAnswerInTimeCountsThoughTheMailWasReadBefore() {
    Handle<String> handle = answeredBehindTheLook(Approval.by().within(DAY));

    assertThat(stage.settled(handle)).isEqualTo(completed("Granted[who=ann, why=yes]"));
    assertThat(stage.entries("r", Entry.MessageRefused.class)).isEmpty();
  }

  @Test
  void anAnswerInTimeIsNotOvertakenByTheEscalation() {
    Handle<String> handle =
        answeredBehindTheLook(Approval.by("ann").within(DAY).escalateTo(DAY, "boss"));

    assertThat(stage.settled(handle)).isEqualTo(completed("Granted[who=ann, why=yes]"));
    assertThat(stage.entries("r", Entry.ApprovalAsked.class)).hasSize(1);
  }

  @Test
  void aSignalInTimeIsTakenThoughTheMailWasReadBefore() {
    var armed = new AtomicBoolean();
    Handle<String> handle =
        parked(
            workflow(run -> run.awaitSignal("go", String.class, DAY).orElse("none")),
            afterClaim(
                armed,
                () -> {
                  engine.join().client().signal("r", "go", "1", "in time", "ann");
                  stage.clock.advance(DAY.plusSeconds(1));
                }));
    wake(armed);

    assertThat(stage.settled(handle)).isEqualTo(completed("in time"));
  }

  @Test
  void aSignalThatCameWhileTheRunWorkedIsTakenWithoutAWait() {
    Workflow<String, String> workflow =
        workflow(run -> {
          run.step("work", String.class, () -> sent("now"));
          return run.awaitSignal("go", String.class, Duration.ZERO).orElse("none");
        });
    Engine opened = stage.open(workflow);
    engine.complete(opened);

    assertThat(stage.settled(opened.start(workflow, "r", "in"))).isEqualTo(completed("now"));
  }

  private String sent(String value) {
    engine.join().client().signal("r", "go", "1", value, "ann");
    return value;
  }

  @Test
  void aSignalAfterTheTimeDoesNotKeepTheRunBusy() {
    var armed = new AtomicBoolean();
    Handle<String> handle =
        parked(
            workflow(run -> run.awaitSignal("go", String.class, DAY).orElse("none")),
            afterClaim(
                armed,
                () -> {
                  stage.clock.advance(DAY.plusSeconds(1));
                  engine.join().client().signal("r", "go", "1", "late", "ann");
                }));
    wake(armed);

    assertThat(stage.settled(handle)).isEqualTo(completed("none"));
  }
}
