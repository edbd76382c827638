package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits that stop a run, and secrets that must not get into its journal. */
class BoundsTest {
  private final Stage stage = Stage.leaping();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void theStepsLimitTruncatesAndALargerOneGoesOn() {
    stage.limits(limits -> limits.stepsMax(5));
    Workflow<String, String> workflow = steps(8);
    try (Engine engine = stage.open(workflow)) {
      Handle<String> handle = engine.start(workflow, "r", "in");
      assertThat(stage.settled(handle))
          .isEqualTo(
              new Outcome.Truncated<>("stepsMax", "The run reached 5 steps, the most allowed."));
      assertThatThrownBy(handle::run)
          .isInstanceOf(RunException.RunEnded.class)
          .hasMessageContainingAll("Run r", "stepsMax", "5 steps");
      engine.client().resume("r", "ann", "forgot to raise the limit");
      assertThat(stage.settled(handle)).isInstanceOf(Outcome.Truncated.class);
    }
    stage.limits(limits -> limits.stepsMax(8));
    Engine larger = stage.open(workflow);
    larger.client().resume("r", "ann", "raised the limit");

    assertThat(stage.settled(larger.find("r", String.class)))
        .isEqualTo(new Outcome.Completed<>("8"));
    for (int i = 0; i < 8; i++) {
      assertThat(stage.world.calls("fact-" + i)).isEqualTo(1);
    }
  }

  @Test
  void stepsInsideBranchesAndScopesCount() {
    stage.limits(limits -> limits.stepsMax(6));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) ->
                run.scope(
                    "s",
                    inner -> {
                      List<Run.Branch<String>> branches =
                          IntStream.range(0, 5)
                              .mapToObj(i -> new Run.Branch<>("b" + i, this::oneStep))
                              .toList();
                      return inner.parallel("p", branches).toString();
                    }));

    assertThat(stage.settled(stage.open(workflow).start(workflow, "r", "in")))
        .isInstanceOf(Outcome.Truncated.class);
  }

  private String oneStep(Run branch) {
    return branch.step("s", String.class, () -> "x");
  }

  private Workflow<String, String> steps(int count) {
    return Workflow.of("w", String.class, String.class)
        .body((run, input) -> {
          for (int i = 0; i < count; i++) {
            run.effect("e", "fact-" + i, stage.world.effect(Contract.KEYED));
          }
          return String.valueOf(count);
        });
  }

  @ParameterizedTest
  @EnumSource(Contract.class)
  void secretsInExceptionsReachNoEntry(Contract contract) {
    String secret = "hunter2hunter2";
    stage.world.failBefore(
        "pay",
        () -> {
          throw new IllegalStateException(
              "GET https://ann:%s@bank.example failed, Authorization: Bearer %s"
                  .formatted(secret, secret));
        });
    stage.world.failBefore(
        "pay",
        () -> {
          throw KnownFailure.unknown("500", "{\"api_key\": \"%s\"}".formatted(secret));
        });
    stage.world.failBefore("pay", () -> refuse("password=" + secret));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              try {
                return run.effect(
                    "pay", "pay", stage.world.effect(contract).retry(RetryPolicy.DEFAULT));
              } catch (RuntimeException e) {
                throw new IllegalStateException("secret: " + secret, e);
              }
            });
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.driven(handle)).isNotInstanceOf(Outcome.Completed.class);
    String journaled =
        stage.history("r").stream()
            .map(Recorded::entry)
            .map(JsonCodec.standard()::write)
            .collect(Collectors.joining("\n"));
    assertThat(journaled).contains("***").doesNotContain(secret);
    assertThat(handle.outcome().toString()).doesNotContain(secret);
  }

  @Test
  void aReadWhoseResultIsTooLargeIsGivenUpAndSaysWhy() {
    stage.limits(limits -> limits.payloadBytesMax(1_024));
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> run.read("big", String.class, () -> "x".repeat(5_000)));
    Handle<String> handle = stage.open(workflow).start(workflow, "r", "in");

    assertThat(stage.settled(handle))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("5,002", "1,024", "payloadBytesMax"));
    assertThat(stage.entries("r", Entry.EffectGaveUp.class))
        .extracting(Entry.EffectGaveUp::failure)
        .hasOnlyElementsOfType(Failure.Rejected.class);
  }

  @Test
  void aCheapReadRaisesNoBarrierAndIsJournaledAllTheSame() {
    var appends = new AtomicInteger();
    stage.through(journal ->
        new ForwardingJournal(journal) {
          @Override
          public CompletableFuture<Void> append(Append append) {
            appends.incrementAndGet();
            return super.append(append);
          }
        });
    Workflow<String, String> workflow =
        Workflow.of("w", String.class, String.class)
            .body((run, input) -> {
              String seen = "";
              for (int i = 0; i < 3; i++) {
                int number = i;
                Effect<String, String> cheap =
                    Effect.<String, String>read(String.class, in -> in + number).cheap();
                seen += run.effect("look", "x", cheap);
              }
              return seen;
            });

    assertThat(stage.settled(stage.open(workflow).start(workflow, "r", "in")))
        .isEqualTo(new Outcome.Completed<>("x0x1x2"));
    assertThat(stage.entries("r", Entry.StepAnswered.class)).hasSize(3);
    assertThat(stage.journal().find(new RunId("r"))).isPresent();
    assertThat(appends).hasValue(4);
  }

  private static void refuse(String why) {
    throw KnownFailure.rejected("401", why);
  }
}
